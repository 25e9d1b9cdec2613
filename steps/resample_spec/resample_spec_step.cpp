#include "steps/resample_spec/resample_spec_step.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "core/error.hpp"
#include "datamodels/invalid_pixels.hpp"
#include "steps/resample_spec/custom_grid.hpp"
#include "steps/resample_spec/output_grid.hpp"
#include "steps/resample_spec/output_wcs.hpp"
#include "steps/resample_spec/resample_planes.hpp"
#include "wcs/mapper.hpp"

namespace spec2 {
namespace {

using namespace resample_spec;

/// Slits of one source, which go into one output, by position in the exposure.
using Group = std::vector<std::size_t>;

std::vector<Group> group_by_source(const std::vector<Slit>& slits) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> position;
  for (std::size_t i = 0; i < slits.size(); ++i) {
    const std::string name = slits[i].meta.find_text("SRCNAME").value_or("");
    const std::string key = name.empty() ? std::to_string(slits[i].source_id) : name;
    const auto [found, is_new] = position.emplace(key, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(i);
  }
  return groups;
}

/// A keyword of a slit, or of the exposure where the slit has none.
std::optional<double> real_of(const Slit& slit, const Metadata& exposure, std::string_view keyword) {
  if (const auto value = slit.meta.find_real(keyword)) return value;
  return exposure.find_real(keyword);
}

/// Input over output pixel scale along the slit.
double scale_ratio(const Exposure& exposure, const Slit& slit, const ResampleSpecConfig& config, const Log& log) {
  if (!config.pixel_scale) return config.pixel_scale_ratio;
  const double scale = 3600.0 * spatial_pixel_scale_deg(*exposure.arena, slit.wcs);
  if (std::isnan(scale) || !real_of(slit, exposure.meta, "PIXAR_SR")) {
    log.warning("slit {}: the input pixel scale or area is not known; pixel_scale is ignored", slit.name);
    return config.pixel_scale_ratio;
  }
  return scale / *config.pixel_scale;
}

/// True for units of flux, as opposed to surface brightness.
bool is_flux(const std::string& unit) { return unit == "MJy" || unit == "Jy" || unit == "mJy" || unit == "uJy" || unit == "nJy"; }

/// Measurement time in s, else the exposure time. Source: stcal 1.20 resample.utils.get_tmeasure.
double exposure_seconds(const Exposure& exposure, const ResampleSpecConfig& config) {
  for (const char* keyword : {"TMEASURE", "EFFEXPTM"}) {
    if (const auto time = exposure.meta.find_real(keyword)) return *time;
  }
  if (config.weight_type == ResampleWeight::exposure_time) {
    throw Error(ErrorCause::data, "the exposure has neither measurement nor exposure time to weight by",
                {.file = exposure.meta.file(), .hdu = "PRIMARY", .keyword = "TMEASURE"}, "Use weight_type=ivm");
  }
  return 1.0;
}

drizzle::Section section_of(const wcs::BoundingBox& box, std::size_t rows, std::size_t columns) {
  const auto last_x = static_cast<std::int64_t>(columns) - 1, last_y = static_cast<std::int64_t>(rows) - 1;
  if (!box) return {0, last_x, 0, last_y};
  const auto nearest = [](double pixel) { return static_cast<std::int64_t>(std::floor(pixel + 0.5)); };
  drizzle::Section section;
  section.x_first = std::max<std::int64_t>(0, nearest(box.low[0]));
  section.y_first = std::max<std::int64_t>(0, nearest(box.low[1]));
  section.x_last = std::max(section.x_first, std::min(last_x, nearest(box.high[0])));
  section.y_last = std::max(section.y_first, std::min(last_y, nearest(box.high[1])));
  return section;
}

void subtract_background(Planes& planes, const Metadata& header) {
  const auto level = header.find_real("BKGLEVEL");
  if (!level || header.find_boolean("BKGSUB").value_or(false)) return;
  const auto value = static_cast<float>(*level);
  for (float& pixel : planes.sci) pixel -= value;
}

FloatPlane wavelength_plane(const OutputGrid& grid, Account& account) {
  FloatPlane plane = make_unset_plane<float>(account, {1, grid.rows, grid.columns}, "plane WAVELENGTH");
  // Column 0 is the first or, behind the half pixel before it, the second point of the table.
  const std::size_t first = grid.wavelength.values.size() == grid.columns ? 0 : 1;
  for (std::size_t y = 0; y < grid.rows; ++y) {
    for (std::size_t x = 0; x < grid.columns; ++x) {
      plane.data()[y * grid.columns + x] = static_cast<float>(grid.wavelength.values[first + x]);
    }
  }
  return plane;
}

/// Wavelengths of a grid of the user's, where its WCS has them.
FloatPlane wavelength_plane(const wcs::Arena& arena, const CustomGrid& grid, Account& account) {
  FloatPlane plane = make_plane<float>(account, {1, grid.rows, grid.columns}, "plane WAVELENGTH");
  std::vector<double> row(grid.columns);
  wcs::Scratch scratch;
  const wcs::Mapper mapper = wcs::Mapper::forward(arena, grid.wcs);
  const std::array<View2<double>, 3> out = {View2<double>(), View2<double>(), View2<double>(row.data(), 1, row.size())};
  for (std::size_t y = 0; y < grid.rows; ++y) {
    mapper.grid(scratch, 0.0, static_cast<double>(y), grid.columns, 1, out);
    std::transform(row.begin(), row.end(), view2(plane).row(y), [](double value) { return static_cast<float>(value); });
  }
  return plane;
}

/// One rectified spectrum.
struct Rectified {
  OutputGrid grid;
  Planes planes;
  double scale_ratio = 1.0;
};

class Rectifier {
 public:
  Rectifier(Exposure& exposure, const ResampleSpecConfig& config, const std::optional<CustomGrid>& custom, StepContext& context)
      : exposure_(exposure),
        config_(config),
        custom_(custom),
        context_(context),
        exposure_s_(exposure_seconds(exposure, config)) {}

  Rectified rectify(const Group& group) {
    std::vector<InputSlit> inputs;
    for (const std::size_t i : group) {
      Slit& slit = exposure_.slits[i];
      match_invalid_pixels(slit.planes);
      const PlaneShape shape = slit.planes.shape();
      inputs.push_back({&slit, SlitCoordinates(context_.account, shape.rows, shape.columns)});
    }
    const Slit& first = *inputs[0].slit;
    Rectified result;
    if (custom_) {
      result.scale_ratio = custom_scale_ratio(*custom_, first);
      result.grid.rows = custom_->rows;
      result.grid.columns = custom_->columns;
    } else {
      result.scale_ratio = scale_ratio(exposure_, first, config_, context_.log);
      lay_grid(inputs, first, result);
    }
    context_.log.debug("slit {}: {} rows, {} columns", first.name, result.grid.rows, result.grid.columns);

    std::vector<MappedImage> images;
    for (std::size_t k = 0; k < group.size(); ++k) {
      Slit& slit = exposure_.slits[group[k]];
      subtract_background(slit.planes, exposure_.meta);
      const PlaneShape shape = slit.planes.shape();
      images.push_back({&slit.planes, pixels_of(slit, result.grid, inputs[k].coordinates),
                        section_of(slit.wcs.bounding_box, shape.rows, shape.columns), exposure_s_});
    }
    result.planes = drizzle_images(images, request(first, result), context_.account, context_.parallel);
    result.planes.wavelength = custom_ ? wavelength_plane(*exposure_.arena, *custom_, context_.account)
                                       : wavelength_plane(result.grid, context_.account);
    for (const std::size_t i : group) exposure_.slits[i].planes = Planes();
    return result;
  }

 private:
  void lay_grid(std::vector<InputSlit>& inputs, const Slit& first, Rectified& result) const {
    const bool on_sky = is_on_sky(*exposure_.arena, first.wcs);
    result.grid = on_sky ? sky_grid(*exposure_.arena, inputs, result.scale_ratio, context_.parallel)
                         : lamp_grid(*exposure_.arena, inputs, result.scale_ratio, context_.parallel);
  }

  drizzle::PixelMap pixels_of(const Slit& slit, const OutputGrid& grid, SlitCoordinates& coordinates) const {
    if (!custom_) return map_pixels(grid, coordinates);
    coordinates.to_output(*exposure_.arena, slit.wcs, context_.parallel);
    coordinates.output_to_pixels(*exposure_.arena, custom_->wcs);
    return {coordinates.x(), coordinates.y()};
  }

  /// Nominal area over that of a pixel of the user's grid; 1 when either is not known.
  double custom_scale_ratio(const CustomGrid& custom, const Slit& slit) const {
    const auto area = real_of(slit, exposure_.meta, "PIXAR_SR");
    if (!area) return 1.0;
    if (const auto custom_area = custom.pixel_area) return *area / *custom_area;
    const double ratio =
        spatial_pixel_scale_deg(*exposure_.arena, slit.wcs) / spatial_pixel_scale_deg(*exposure_.arena, custom.wcs);
    return std::isnan(ratio) ? 1.0 : ratio;
  }

  DrizzleRequest request(const Slit& slit, const Rectified& result) const {
    DrizzleRequest request;
    request.rows = result.grid.rows;
    request.columns = result.grid.columns;
    request.kernel = config_.kernel;
    request.pixfrac = config_.pixfrac;
    request.pixel_scale_ratio = result.scale_ratio;
    // A flux is that of the area of a pixel, which the ratio changes.
    const bool has_area = real_of(slit, exposure_.meta, "PIXAR_SR").value_or(0.0) != 0.0;
    if (has_area && is_flux(slit.meta.find_text("BUNIT").value_or(""))) request.intensity_scale = 1.0 / result.scale_ratio;
    request.fill_value = config_.fill_value;
    request.weight_type = config_.weight_type;
    request.single = config_.single;
    request.propagate_dq = config_.propagate_dq;
    return request;
  }

  Exposure& exposure_;
  const ResampleSpecConfig& config_;
  const std::optional<CustomGrid>& custom_;
  StepContext& context_;
  double exposure_s_;
};

/// WCS and keywords of a slit that now holds a rectified spectrum.
void describe(Slit& slit, wcs::Arena& arena, const Metadata& exposure, const Rectified& result,
              const std::optional<CustomGrid>& custom) {
  constexpr double kArcsec2PerSteradian = 206264.80624709636 * 206264.80624709636;
  if (const auto area = real_of(slit, exposure, "PIXAR_SR")) {
    slit.meta.set("PIXAR_SR", *area / result.scale_ratio);
    slit.meta.set("PIXAR_A2", *area / result.scale_ratio * kArcsec2PerSteradian);
  } else {
    slit.meta.erase("PIXAR_A2");
  }
  if (custom) {
    slit.wcs = custom->wcs;
    const std::string region = sky_region(arena, custom->wcs, custom->rows, custom->columns);
    if (region.empty()) slit.meta.erase("S_REGION");
    else slit.meta.set("S_REGION", region);
  } else if (result.grid.plane) {
    if (const std::string region = sky_region(result.grid); !region.empty()) slit.meta.set("S_REGION", region);
    slit.wcs = sky_wcs(arena, result.grid);
  } else {
    slit.meta.erase("S_REGION");
    slit.wcs = lamp_wcs(arena, result.grid, std::string(output_frame_name(arena, slit.wcs)));
  }
}

}  // namespace

const StepInfo& ResampleSpecStep::info() const {
  static constexpr StepInfo kInfo{"resample_spec", "S_RESAMP",
                                  {PlaneKind::sci, PlaneKind::dq, PlaneKind::err, PlaneKind::var_rnoise},
                                  {PlaneKind::weight, PlaneKind::context}};
  return kInfo;
}

MemoryEstimate ResampleSpecStep::estimate(const ExposureShape& shape) const {
  MemoryEstimate estimate;
  std::vector<std::size_t> scratch;
  const std::size_t kept = (config_.single ? 6 : 8) + (config_.propagate_dq ? 1 : 0);
  // What a calibrated slit holds: data, DQ, error, wavelengths, variances; of fixed slits the flat's variance and two path
  // losses too.
  const std::size_t held = shape.exp_type == "NRS_FIXEDSLIT" ? 9 : 6;
  // Steps before count five planes more for the largest one, which may hold a point source.
  constexpr std::size_t kPointSource = 5;
  std::size_t one_by_one = 0, largest = 0;
  for (const PlaneShape& slit : shape.slits) {
    // The cutouts have a margin around the slit that the output leaves out.
    const double rows = static_cast<double>(slit.rows) * (config_.pixel_scale ? 1.0 : config_.pixel_scale_ratio);
    const std::size_t output = static_cast<std::size_t>(std::ceil(rows)) * slit.columns;
    scratch.push_back(slit.rows * slit.columns * (SlitCoordinates::kPixelBytes + sizeof(float)) +
                      (shape.threads > 1 ? drizzle::ColumnExtents::bytes(slit.rows, slit.columns) : 0) +
                      output * (sizeof(drizzle::Lanes) + 3 * sizeof(float)));
    estimate.added += kept * output * sizeof(float);
    one_by_one = std::max(one_by_one, estimate.added + scratch.back() - std::min(estimate.added, estimate.released));
    estimate.released += held * slit.rows * slit.columns * sizeof(float);
    largest = std::max(largest, slit.rows * slit.columns * sizeof(float));
  }
  if (shape.exp_type == "NRS_FIXEDSLIT") estimate.released += kPointSource * largest;
  std::sort(scratch.rbegin(), scratch.rend());
  scratch.resize(std::min(scratch.size(), shape.threads));
  for (const std::size_t bytes : scratch) estimate.scratch += bytes;
  // One thread gives back the pixels of a slit before it takes the next.
  if (shape.threads == 1) estimate.scratch = one_by_one - std::min(one_by_one, estimate.added);
  return estimate;
}

StepResult ResampleSpecStep::run(Exposure exposure, StepContext& context) const {
  if (exposure.slits.empty()) return skipped(std::move(exposure), "there are no slits");
  if (exposure.has_integrations()) {
    if (exposure.kind == ModelKind::multi_slit) return skipped(std::move(exposure), "slits with integrations are not resampled");
    throw Error(ErrorCause::data, "a slit with integrations cannot be resampled", {.file = exposure.meta.file(), .hdu = "SCI"},
                "Use the rate file of the exposure");
  }
  std::optional<CustomGrid> custom;
  if (!config_.output_wcs.empty()) {
    exposure.arena->reopen();
    custom = read_custom_grid(config_.output_wcs, *exposure.arena, config_.output_shape);
    exposure.arena->freeze();
  }
  const std::vector<Group> groups = group_by_source(exposure.slits);
  std::vector<Rectified> results(groups.size());
  Rectifier rectifier(exposure, config_, custom, context);
  // Slits differ much in size: each is split by rows as well.
  context.parallel.for_each(groups.size(), [&](std::size_t g) { results[g] = rectifier.rectify(groups[g]); });

  exposure.arena->reopen();
  std::vector<Slit> rectified;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Slit& slit = exposure.slits[groups[g].front()];
    describe(slit, *exposure.arena, exposure.meta, results[g], custom);
    slit.planes = std::move(results[g].planes);
    rectified.push_back(std::move(slit));
  }
  exposure.arena->freeze();
  exposure.slits = std::move(rectified);
  exposure.meta.set("PIXFRAC", config_.pixfrac);
  // A ratio that a grid of the user's implies stays out of the header, as in the peer.
  exposure.meta.set("PXSCLRT", custom ? config_.pixel_scale_ratio : results[0].scale_ratio);
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
