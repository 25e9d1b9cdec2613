#include "steps/flat_field/slit_flat.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/math/interpolation.hpp"
#include "datamodels/dq.hpp"
#include "steps/flat_field/wavelength_steps.hpp"

namespace spec2::flat_field {

SlitFlat SlitFlat::clone(Account& account) const {
  return {clone_plane(flat, account, "flat"), clone_plane(error, account, "flat error"), clone_plane(dq, account, "flat DQ")};
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
};

/// The image of a part at the wavelengths of a row: the image itself, or the cube between the two planes next in wavelength.
/// Bad pixels become 1 so that they change nothing.
void image_row(const NirspecFlat& part, const float* wavelength, std::size_t detector_y, std::size_t detector_x, PartRow& out) {
  const std::size_t columns = out.flat.size();
  const std::size_t y = detector_y - part.region.first_row;
  const auto& planes = part.image_wavelength;
  const std::size_t count = part.image.shape(0);
  const View3<const float> image = view3(part.image);
  const auto plane_of = [](const auto& stack, std::size_t n) { return stack.shape(0) == 1 ? std::size_t{0} : n; };
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t x = detector_x + i;
    std::size_t below = 0;
    float p = 0.0f;
    bool outside = false;
    if (count > 1) {
      const float value = std::isnan(wavelength[i]) ? 0.0f : wavelength[i];
      outside = value < planes.front() || value > planes[count - 1];
      if (value >= planes[count - 1]) below = count - 2;
      else if (value > planes.front()) below = static_cast<std::size_t>(std::upper_bound(planes.begin(), planes.begin() + static_cast<std::ptrdiff_t>(count), value) - planes.begin()) - 1;
      const auto from = static_cast<float>(planes[below]);
      const float width = static_cast<float>(planes[below + 1]) - from;
      p = width == 0.0f ? 0.0f : (value - from) / width;
    }
    const std::size_t above = count > 1 ? below + 1 : below;
    float flat = count > 1 ? (1.0f - p) * image[below](y, x) + p * image[above](y, x) : image[0](y, x);
    float error = 0.0f;
    if (part.error.size() != 0) {
      const View3<const float> errors = view3(part.error);
      const float e = errors[plane_of(part.error, below)](y, x);
      error = part.error.shape(0) > 1 ? (1.0f - p) * e + p * errors[above](y, x) : e;
    }
    std::uint32_t flags = 0;
    if (part.dq.size() != 0) {
      const View3<const std::uint32_t> all = view3(part.dq);
      flags = all[plane_of(part.dq, below)](y, x);
      if (part.dq.shape(0) > 1 && p != 0.0f) flags |= all[above](y, x);
    }
    if (outside) flags |= dq::kDoNotUse;
    if ((flags & dq::kDoNotUse) != 0 && count > 1) flat = 1.0f;
    if (std::isnan(flat) || flat == 0.0f) flags |= kNoFlat;
    out.flat[i] = (flags & dq::kDoNotUse) != 0 ? 1.0f : flat;
    out.error[i] = error;
    out.dq[i] = flags;
  }
}

/// Times the fast variation: the mean of the curve over each pixel by 3-point Gaussian integration.
void multiply_curve(const NirspecFlat::Curve& curve, const float* wavelength, const float* cleaned, const float* step, PartRow& row) {
  const double d = std::sqrt(0.6) / 2.0;
  const std::array<double, 3> offsets = {-d, 0.0, d};
  constexpr std::array<double, 3> kWeights = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
  std::size_t hint = 0;
  for (std::size_t i = 0; i < row.flat.size(); ++i) {
    float value = 1.0f;
    double error = 0.0;
    // Pixels outside the slit keep 1; they are flagged by the images.
    if (wavelength[i] > 0.0f) {
      value = 0.0f;
      for (std::size_t k = 0; k < 3; ++k) {
        const double at = static_cast<double>(cleaned[i]) + static_cast<double>(step[i]) * offsets[k];
        value = static_cast<float>(value + kWeights[k] * interpolate(curve.wavelength, curve.flat, at, kNaN, kNaN, hint));
      }
      error = interpolate(curve.wavelength, curve.error, cleaned[i], kNaN, kNaN, hint);
      if (std::isnan(value)) {
        value = 1.0f;
        error = 0.0;
        row.dq[i] |= kNoFlat;
      }
    }
    const double a = error * row.flat[i];
    const float b = static_cast<float>(row.error[i]) * value;
    row.error[i] = std::sqrt((std::isnan(a) ? 0.0 : a * a) + (std::isnan(b) ? 0.0 : static_cast<double>(b * b)));
    row.flat[i] *= value;
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
  SlitFlat made{make_plane<float>(account, shape, "slit flat"), make_plane<float>(account, shape, "slit flat error"),
                make_plane<std::uint32_t>(account, shape, "slit flat DQ")};
  FloatPlane cleaned = make_plane<float>(account, shape, "cleaned wavelengths");
  FloatPlane step = make_plane<float>(account, shape, "wavelength steps");
  clean_wavelengths(wavelength, view2(cleaned), view2(step));
  constexpr std::size_t kRowsPerBlock = 8;
  parallel.for_blocks(shape.rows, kRowsPerBlock, [&](std::size_t first, std::size_t last) {
    PartRow part(shape.columns);
    Combined combined(shape.columns);
    for (std::size_t y = first; y < last; ++y) {
      combined.start();
      for (const NirspecFlat* flat : {parts.fore_optics, parts.spectrograph, parts.detector}) {
        if (!flat) continue;
        if (flat->image.size() != 0) {
          image_row(*flat, wavelength.row(y), origin.y + y, origin.x, part);
        } else {
          std::fill(part.flat.begin(), part.flat.end(), 1.0f);
          std::fill(part.error.begin(), part.error.end(), 0.0);
          std::fill(part.dq.begin(), part.dq.end(), 0u);
        }
        multiply_curve(flat->curve(slit), wavelength.row(y), view2(cleaned).row(y), view2(step).row(y), part);
        if (flat == parts.fore_optics) {
          // Fore-optics flats scale the flux: there is no harmless value for what they lack.
          for (std::size_t i = 0; i < shape.columns; ++i) {
            if (std::isnan(part.flat[i]) || part.flat[i] == 0.0f) part.dq[i] |= kNoFlat;
            if ((part.dq[i] & dq::kDoNotUse) != 0) part.flat[i] = std::numeric_limits<float>::quiet_NaN();
          }
        }
        combined.add(part);
      }
      finish_row(combined, parts.fore_optics || parts.spectrograph || parts.detector, view2(made.flat).row(y), view2(made.error).row(y),
                 view2(made.dq).row(y));
    }
  });
  return made;
}

}  // namespace spec2::flat_field
