#include "steps/resample_spec/resample_planes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/processor_clones.hpp"
#include "steps/resample_spec/output_grid.hpp"

namespace spec2::resample_spec {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
/// The order in which the peer adds variances to the error.
constexpr std::array kVariances = {PlaneKind::var_rnoise, PlaneKind::var_flat, PlaneKind::var_poisson};

PlaneShape output_shape(const DrizzleRequest& request) { return {1, request.rows, request.columns}; }

/// Weighted means of several planes of one or more images while they are added up.
class Canvas {
 public:
  Canvas(const DrizzleRequest& request, Account& account)
      : rows_(request.rows), columns_(request.columns), values_(account, rows_ * columns_, "scratch drizzled values") {}

  drizzle::Canvas with(View2<float> weight, View2<std::int32_t> context = {}, View2<std::uint32_t> flags = {},
                       std::int32_t bit = 1) {
    return {{values_.data(), rows_, columns_}, weight, context, flags, bit};
  }
  void copy(std::size_t lane, float fill, View2<float> weight, FloatPlane& plane) {
    drizzle::copy_lane(with(weight), lane, fill, view2(plane));
  }

 private:
  std::size_t rows_, columns_;
  Buffer<drizzle::Lanes> values_;
};

/// Where an image lands: its pixels with a valid place, those of them that reach the output, and in which columns. Threads share
/// the columns of the output: spectra are long along the rows and narrow across.
struct Landing {
  drizzle::Section section;
  std::int64_t bands;
  std::vector<drizzle::RowReach> reach;
  drizzle::ColumnExtents extents;
};

Landing land(const MappedImage& image, const DrizzleRequest& request, Account& account, const Parallel& parallel) {
  constexpr std::size_t kBandsPerThread = 3, kLeastColumns = 128;
  constexpr double kMostPixfrac = 2.0;  // corners of larger pixels lie beyond their neighbours
  const bool is_shared = parallel.threads() > 1 && request.pixfrac <= kMostPixfrac;
  const std::size_t most = is_shared ? kBandsPerThread * parallel.threads() : 1;
  const auto bands = static_cast<std::int64_t>(std::clamp<std::size_t>(request.columns / kLeastColumns, 1, most));
  Landing landing{image.section, bands, {}, {image.map, bands, account}};
  if (!drizzle::shrink_section(image.map, landing.section)) {
    throw Error(ErrorCause::data, "too few pixels of a slit have a place on the output grid; its spectrum cannot be resampled");
  }
  landing.reach = drizzle::reach_of(image.map, landing.section, request.rows, request.columns);
  return landing;
}

void add(const MappedImage& image, const drizzle::Image& planes, const Landing& landing, const DrizzleRequest& request,
         const drizzle::Canvas& canvas, const Parallel& parallel) {
  const drizzle::Settings settings{request.kernel, request.pixfrac, static_cast<float>(request.intensity_scale),
                                   static_cast<float>(request.pixel_scale_ratio)};
  const auto columns = static_cast<std::int64_t>(request.columns);
  parallel.for_each(static_cast<std::size_t>(landing.bands), [&](std::size_t i) {
    const auto band = static_cast<std::int64_t>(i);
    drizzle::add_image(image.map, planes, landing.section, landing.reach, landing.extents, settings,
                       {columns * band / landing.bands, columns * (band + 1) / landing.bands}, canvas);
  });
}

/// Drizzled errors and the weights of their images become variances. The weight of an image is 1 / VAR_RNOISE as
/// drizzled, or its exposure time.
class VarianceSum {
 public:
  VarianceSum(const DrizzleRequest& request, Account& account) : request_(request) {
    for (std::size_t v = 0; v < kVariances.size(); ++v) {
      sums_[v] = make_unset_plane<float>(account, output_shape(request), "scratch resampled variance");
      weights_[v] = make_plane<float>(account, output_shape(request), "scratch weights of a variance");
      std::fill(sums_[v].begin(), sums_[v].end(), kNan);
    }
  }

  /// `lanes` of the drizzled errors in the order of kVariances; empty for those that are not there.
  void add(const drizzle::Canvas& canvas, const std::array<std::optional<std::size_t>, 3>& lanes, double exposure_s) {
    const drizzle::Lanes* const errors = canvas.values.data;
    const float* const hits = canvas.weight.data;
    for (std::size_t v = 0; v < kVariances.size(); ++v) {
      const std::size_t lane = lanes[v].value_or(drizzle::kLanes);
      if (lane == drizzle::kLanes) continue;
      const std::size_t read_noise = lanes[0].value_or(drizzle::kLanes);
      float* const sum = sums_[v].data();
      float* const total = weights_[v].data();
      for (std::size_t i = 0; i < sums_[v].size(); ++i) {
        if (hits[i] == 0.0f) continue;
        const float variance = errors[i][lane] * errors[i][lane];
        const double weight = weight_of(read_noise < drizzle::kLanes ? errors[i][read_noise] : 1.0f, exposure_s);
        if (!(variance >= 0.0f) || !std::isfinite(variance) || !(weight > 0.0)) continue;
        const double added = static_cast<double>(variance) * weight * weight;
        sum[i] = static_cast<float>(std::isnan(sum[i]) ? added : static_cast<double>(sum[i]) + added);
        total[i] = static_cast<float>(static_cast<double>(total[i]) + weight);
      }
    }
  }

  void finish(Planes& result) {
    const auto scale = static_cast<float>(request_.pixel_scale_ratio);
    for (std::size_t v = 0; v < kVariances.size(); ++v) {
      float* const sum = sums_[v].data();
      const float* const weight = weights_[v].data();
      for (std::size_t i = 0; i < sums_[v].size(); ++i) sum[i] = sum[i] * scale / weight[i] / weight[i];
      result.float_plane(kVariances[v]) = std::move(sums_[v]);
      weights_[v] = FloatPlane();
    }
  }

 private:
  double weight_of(float read_noise_error, double exposure_s) const {
    if (request_.weight_type == ResampleWeight::exposure_time) return exposure_s;
    if (request_.weight_type == ResampleWeight::equal) return 1.0;
    const float variance = read_noise_error * read_noise_error;
    return variance > 0.0f && std::isfinite(variance) ? static_cast<double>(1.0f / variance) : 0.0;
  }

  const DrizzleRequest& request_;
  std::array<FloatPlane, 3> sums_, weights_;
};

/// Root of the sum of the variances that are there; NaN where none is.
SPEC2_CLONES void fill_error(Planes& result) {
  const float* const a = result.var_rnoise.data();
  const float* const b = result.var_flat.data();
  const float* const c = result.var_poisson.data();
  float* const error = result.err.data();
  for (std::size_t i = 0; i < result.err.size(); ++i) {
    const bool none = std::isnan(a[i]) && std::isnan(b[i]) && std::isnan(c[i]);
    const float sum = (std::isnan(a[i]) ? 0.0f : a[i]) + (std::isnan(b[i]) ? 0.0f : b[i]) + (std::isnan(c[i]) ? 0.0f : c[i]);
    error[i] = none ? kNan : std::sqrt(sum);
  }
}

/// Puts the square roots of the variances into the input; their lanes in the order of kVariances.
std::array<std::optional<std::size_t>, 3> add_error_planes(Planes& planes, drizzle::Image& input) {
  std::array<std::optional<std::size_t>, 3> lanes;
  for (std::size_t v = 0; v < kVariances.size(); ++v) {
    FloatPlane& plane = planes.float_plane(kVariances[v]);
    if (plane.size() != planes.sci.size()) continue;
    for (float& value : plane) value = std::sqrt(value);
    lanes[v] = input.plane_count;
    input.planes[input.plane_count++] = view2(plane);
  }
  return lanes;
}

}  // namespace

SPEC2_CLONES void fill_weight(const Planes& planes, ResampleWeight type, double exposure_s, View2<float> weight) {
  const bool inverse = type == ResampleWeight::inverse_variance && planes.var_rnoise.size() == planes.sci.size();
  const auto constant = static_cast<float>(type == ResampleWeight::exposure_time ? exposure_s : 1.0);
  const float* const variance = inverse ? planes.var_rnoise.data() : nullptr;
  const std::uint32_t* const flags = planes.dq.size() == planes.sci.size() ? planes.dq.data() : nullptr;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    float value = constant;
    if (inverse) {
      value = 1.0f / variance[i];
      if (!std::isfinite(value)) value = 0.0f;
    }
    weight.data[i] = flags && (flags[i] & unusable_flags()) != 0 ? 0.0f : value;
  }
}

Planes drizzle_images(std::span<MappedImage> images, const DrizzleRequest& request, Account& account, const Parallel& parallel) {
  const PlaneShape shape = output_shape(request);
  Planes result;
  result.sci = make_unset_plane<float>(account, shape, "plane SCI");
  result.err = make_unset_plane<float>(account, shape, "plane ERR");
  result.weight = make_plane<float>(account, shape, "plane WHT");
  result.context = make_plane<std::int32_t>(account, {(images.size() - 1) / 32 + 1, request.rows, request.columns}, "plane CON");
  if (request.propagate_dq) result.dq = make_plane<std::uint32_t>(account, shape, "plane DQ");
  const View2<std::uint32_t> out_flags = request.propagate_dq ? view2(result.dq) : View2<std::uint32_t>();
  const View2<float> total = view2(result.weight);

  Canvas data(request, account);
  std::optional<VarianceSum> variances;
  if (!request.single) variances.emplace(request, account);
  const bool together = images.size() == 1;
  for (std::size_t k = 0; k < images.size(); ++k) {
    MappedImage& image = images[k];
    Planes& planes = *image.planes;
    const std::size_t rows = image.map.x.rows, columns = image.map.x.columns;
    Buffer<float> weight(account, rows * columns, "scratch drizzle weights", Buffer<float>::NotFilled{});
    fill_weight(planes, request.weight_type, image.exposure_s, {weight.data(), rows, columns});
    const Landing landing = land(image, request, account, parallel);
    drizzle::Image input{{view2(planes.sci)}, 1, {weight.data(), rows, columns}, {}};
    if (request.propagate_dq) input.flags = view2(planes.dq);
    const View2<std::int32_t> context = view3(result.context)[k / 32];
    const auto bit = static_cast<std::int32_t>(1u << (k % 32));
    if (request.single) {
      input.planes[input.plane_count++] = view2(planes.err);
      add(image, input, landing, request, data.with(total, context, out_flags, bit), parallel);
      continue;
    }
    // A variance is that of one image, so only a single image can share the canvas of the data.
    drizzle::Image errors{{}, 0, input.weight, {}};
    const auto lanes = add_error_planes(planes, together ? input : errors);
    add(image, input, landing, request, data.with(total, context, out_flags, bit), parallel);
    if (together) {
      variances->add(data.with(total), lanes, image.exposure_s);
    } else {
      Canvas own(request, account);
      FloatPlane own_weight = make_plane<float>(account, shape, "scratch drizzle weights of an image");
      add(image, errors, landing, request, own.with(view2(own_weight)), parallel);
      variances->add(own.with(view2(own_weight)), lanes, image.exposure_s);
    }
  }
  data.copy(0, request.fill_value, total, result.sci);
  if (request.single) {
    data.copy(1, request.fill_value, total, result.err);
    const double scale = 1.0 / std::sqrt(request.pixel_scale_ratio);
    for (float& value : result.err) value = static_cast<float>(static_cast<double>(value) / scale);
  } else {
    variances->finish(result);
    fill_error(result);
  }
  return result;
}

}  // namespace spec2::resample_spec
