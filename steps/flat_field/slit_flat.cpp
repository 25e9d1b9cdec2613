#include "steps/flat_field/slit_flat.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "core/math/interpolation.hpp"
#include "datamodels/dq.hpp"
#include "steps/flat_field/wavelength_steps.hpp"

namespace spec2::flat_field {

SlitFlat SlitFlat::clone(Account& account) const {
  return {clone_plane(flat, account, "scratch slit flat"), clone_plane(error, account, "scratch slit flat error"),
          clone_plane(dq, account, "scratch slit flat DQ")};
}

namespace {

constexpr std::uint32_t kNoFlat = dq::kDoNotUse | dq::kNoFlatField;
constexpr std::uint32_t kBadFlat = dq::kNoFlatField | dq::kDoNotUse | dq::kUnreliableFlat;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// One row of pixels of a part. The types are the peer's: what is rounded to float32 there is rounded here, so that steps that
/// decide by comparing (pixel_replace) get the same bits.
struct PartRow {
  std::vector<float> flat;
  std::vector<double> error;
  std::vector<std::uint32_t> dq;
  explicit PartRow(std::size_t columns) : flat(columns), error(columns), dq(columns) {}
  void start() {
    std::fill(flat.begin(), flat.end(), 1.0f);
    std::fill(error.begin(), error.end(), 0.0);
    std::fill(dq.begin(), dq.end(), 0u);
  }
};

/// The planes of a cube next below each pixel of a row in wavelength, and how far it is on the way to the plane above.
struct PlaneSteps {
  std::vector<std::size_t> below;
  std::vector<float> part;
  std::vector<std::uint32_t> outside;  ///< flags
};

PlaneSteps plane_steps(std::span<const double> planes, const float* wavelength, std::size_t columns) {
  PlaneSteps steps{std::vector<std::size_t>(columns), std::vector<float>(columns), std::vector<std::uint32_t>(columns)};
  std::size_t hint = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    const float value = std::isnan(wavelength[i]) ? 0.0f : wavelength[i];
    std::size_t below = 0;
    if (value >= planes.back()) below = planes.size() - 2;
    else if (value > planes.front()) below = hint = interval_index(planes, value, hint);
    const auto from = static_cast<float>(planes[below]);
    const float width = static_cast<float>(planes[below + 1]) - from;
    steps.below[i] = below;
    steps.part[i] = width == 0.0f ? 0.0f : (value - from) / width;
    steps.outside[i] = value < planes.front() || value > planes.back() ? dq::kDoNotUse : 0u;
  }
  return steps;
}

/// A row of an image for all wavelengths.
void single_row(const NirspecFlat& part, std::size_t y, std::size_t first, PartRow& out) {
  const std::size_t columns = out.flat.size();
  std::copy_n(view3(part.image)[0].row(y) + first, columns, out.flat.begin());
  if (part.error.size() != 0) std::copy_n(view3(part.error)[0].row(y) + first, columns, out.error.begin());
  if (part.dq.size() != 0) std::copy_n(view3(part.dq)[0].row(y) + first, columns, out.dq.begin());
}

/// A row of a cube, between the two planes next in wavelength.
void cube_row(const NirspecFlat& part, const float* wavelength, std::size_t y, std::size_t first, PartRow& out) {
  const PlaneSteps steps = plane_steps({part.image_wavelength.data(), part.image.shape(0)}, wavelength, out.flat.size());
  const View3<const float> image = view3(part.image), errors = view3(part.error);
  const View3<const std::uint32_t> flags = view3(part.dq);
  const std::size_t error_step = errors.count > 1 ? 1 : 0, flags_step = flags.count > 1 ? 1 : 0;
  for (std::size_t i = 0; i < out.flat.size(); ++i) {
    const std::size_t below = steps.below[i], x = first + i;
    const float p = steps.part[i];
    out.flat[i] = (1.0f - p) * image[below](y, x) + p * image[below + 1](y, x);
    if (!errors.empty()) {
      const float error = errors[below * error_step](y, x);
      out.error[i] = error_step == 0 ? error : (1.0f - p) * error + p * errors[below + 1](y, x);
    }
    std::uint32_t bits = steps.outside[i];
    if (!flags.empty()) {
      bits |= flags[below * flags_step](y, x);
      if (flags_step != 0 && p != 0.0f) bits |= flags[below + 1](y, x);
    }
    out.dq[i] = bits;
    if ((bits & dq::kDoNotUse) != 0) out.flat[i] = 1.0f;
  }
}

/// The image of a part at the wavelengths of a row: the image itself, or the cube between the two planes next in wavelength.
/// Bad pixels become 1 so that they change nothing. `out` was started.
void image_row(const NirspecFlat& part, const float* wavelength, std::size_t detector_y, std::size_t detector_x, PartRow& out) {
  const std::size_t y = detector_y - part.region.first_row;
  if (part.image.shape(0) > 1) cube_row(part, wavelength, y, detector_x, out);
  else single_row(part, y, detector_x, out);
  for (std::size_t i = 0; i < out.flat.size(); ++i) {
    const std::uint32_t none = std::isnan(out.flat[i]) || out.flat[i] == 0.0f ? kNoFlat : 0u;
    out.dq[i] |= none;
    out.flat[i] = (out.dq[i] & dq::kDoNotUse) != 0 ? 1.0f : out.flat[i];
  }
}

/// A curve with the slopes of its intervals, which interpolation at each pixel needs.
class CurveTable {
 public:
  explicit CurveTable(const NirspecFlat::Curve& curve) : curve_(curve), flat_(slopes(curve.flat)), error_(slopes(curve.error)) {}

  double flat(double wavelength, std::size_t& hint) const { return at(curve_.flat, flat_, wavelength, hint); }
  double error(double wavelength, std::size_t& hint) const { return at(curve_.error, error_, wavelength, hint); }

 private:
  std::vector<double> slopes(std::span<const double> values) const {
    std::vector<double> result(values.size() - 1);
    const double* const x = curve_.wavelength.data();
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = (values[i + 1] - values[i]) / (x[i + 1] - x[i]);
    return result;
  }

  /// The bits of interpolate() of core/math; NaN outside.
  double at(std::span<const double> values, std::span<const double> slope, double wavelength, std::size_t& hint) const {
    const std::span<const double> x = curve_.wavelength;
    if (!(wavelength >= x.front() && wavelength <= x.back())) return kNaN;
    const std::size_t i = hint = interval_index(x, wavelength, hint);
    if (i == x.size() - 1) return values[i];
    const double result = slope[i] * (wavelength - x[i]) + values[i];
    return std::isnan(result) ? interpolate(x, values, wavelength, kNaN, kNaN, hint) : result;
  }

  const NirspecFlat::Curve& curve_;
  std::vector<double> flat_, error_;
};

/// Times the fast variation: the mean of the curve over each pixel by 3-point Gaussian integration.
void multiply_curve(const CurveTable& curve, const float* wavelength, const float* cleaned, const float* step, PartRow& row) {
  const double d = std::sqrt(0.6) / 2.0;
  const std::array<double, 3> offsets = {-d, 0.0, d};
  constexpr std::array<double, 3> kWeights = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
  constexpr std::size_t kPiece = 256;
  float values[kPiece];
  double errors[kPiece];
  std::size_t hint = 0;
  for (std::size_t first = 0; first < row.flat.size(); first += kPiece) {
    const std::size_t count = std::min(kPiece, row.flat.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = first + k;
      values[k] = 1.0f;
      errors[k] = 0.0;
      // Pixels outside the slit keep 1; they are flagged by the images.
      if (!(wavelength[i] > 0.0f)) continue;
      float value = 0.0f;
      for (std::size_t n = 0; n < 3; ++n) {
        const double at = static_cast<double>(cleaned[i]) + static_cast<double>(step[i]) * offsets[n];
        value = static_cast<float>(value + kWeights[n] * curve.flat(at, hint));
      }
      if (std::isnan(value)) {
        row.dq[i] |= kNoFlat;
        continue;
      }
      values[k] = value;
      errors[k] = curve.error(cleaned[i], hint);
    }
    float* const flat = row.flat.data() + first;
    double* const error = row.error.data() + first;
    for (std::size_t k = 0; k < count; ++k) {
      const double a = errors[k] * flat[k];
      const float b = static_cast<float>(error[k]) * values[k];
      error[k] = std::sqrt((std::isnan(a) ? 0.0 : a * a) + (std::isnan(b) ? 0.0 : static_cast<double>(b * b)));
      flat[k] *= values[k];
    }
  }
}

/// Product, error and flags of the parts so far.
struct Combined {
  PartRow sum;
  std::vector<float> relative_variance;
  explicit Combined(std::size_t columns) : sum(columns), relative_variance(columns) {}
  void start() {
    std::fill(sum.flat.begin(), sum.flat.end(), 1.0f);
    std::fill(sum.dq.begin(), sum.dq.end(), 0u);
    std::fill(relative_variance.begin(), relative_variance.end(), 0.0f);
  }
  void add(const PartRow& part) {
    for (std::size_t i = 0; i < sum.flat.size(); ++i) {
      sum.flat[i] *= part.flat[i];
      sum.dq[i] |= part.dq[i];
      const double relative = part.error[i] / (part.flat[i] == 0.0f ? 1.0f : part.flat[i]);
      relative_variance[i] = static_cast<float>(relative_variance[i] + relative * relative);
    }
  }
};

void finish_row(Combined& row, bool any_part, float* flat, float* error, std::uint32_t* dq) {
  for (std::size_t i = 0; i < row.sum.flat.size(); ++i) {
    std::uint32_t flags = any_part ? row.sum.dq[i] : kBadFlat;
    if ((flags & dq::kNoFlatField) != 0) flags |= dq::kDoNotUse;
    if ((flags & dq::kDoNotUse) != 0) flags |= kBadFlat;
    float value = row.sum.flat[i];
    error[i] = value * std::sqrt(row.relative_variance[i]);
    if ((flags & dq::kDoNotUse) != 0) value = 1.0f;
    if (value <= 0.0f) {
      value = std::numeric_limits<float>::quiet_NaN();
      flags |= kBadFlat;
    }
    flat[i] = value;
    dq[i] = flags;
  }
}

}  // namespace

SlitFlat make_slit_flat(View2<const float> wavelength, const FlatParts& parts, const std::string& slit, DetectorOrigin origin,
                        Account& account, const Parallel& parallel) {
  const PlaneShape shape{1, wavelength.rows, wavelength.columns};
  SlitFlat made{make_unset_plane<float>(account, shape, "scratch slit flat"),
                make_unset_plane<float>(account, shape, "scratch slit flat error"),
                make_unset_plane<std::uint32_t>(account, shape, "scratch slit flat DQ")};
  FloatPlane cleaned = make_unset_plane<float>(account, shape, "scratch cleaned wavelengths");
  FloatPlane step = make_unset_plane<float>(account, shape, "scratch wavelength steps");
  clean_wavelengths(wavelength, view2(cleaned), view2(step));
  std::vector<CurveTable> curves;
  for (const NirspecFlat* flat : {parts.fore_optics, parts.spectrograph, parts.detector}) {
    if (flat) curves.emplace_back(flat->curve(slit));
  }
  constexpr std::size_t kRowsPerBlock = 8;
  parallel.for_blocks(shape.rows, kRowsPerBlock, [&](std::size_t first, std::size_t last) {
    PartRow part(shape.columns);
    Combined combined(shape.columns);
    for (std::size_t y = first; y < last; ++y) {
      combined.start();
      auto curve = curves.begin();
      for (const NirspecFlat* flat : {parts.fore_optics, parts.spectrograph, parts.detector}) {
        if (!flat) continue;
        part.start();
        if (flat->image.size() != 0) image_row(*flat, wavelength.row(y), origin.y + y, origin.x, part);
        multiply_curve(*curve++, wavelength.row(y), view2(cleaned).row(y), view2(step).row(y), part);
        if (flat == parts.fore_optics) {
          // Fore-optics flats scale the flux: there is no harmless value for what they lack.
          for (std::size_t i = 0; i < shape.columns; ++i) {
            if (std::isnan(part.flat[i]) || part.flat[i] == 0.0f) part.dq[i] |= kNoFlat;
            if ((part.dq[i] & dq::kDoNotUse) != 0) part.flat[i] = std::numeric_limits<float>::quiet_NaN();
          }
        }
        combined.add(part);
      }
      finish_row(combined, parts.fore_optics || parts.spectrograph || parts.detector, view2(made.flat).row(y),
                 view2(made.error).row(y), view2(made.dq).row(y));
    }
  });
  return made;
}

}  // namespace spec2::flat_field
