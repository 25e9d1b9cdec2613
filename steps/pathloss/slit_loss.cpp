#include "steps/pathloss/slit_loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/processor_clones.hpp"

namespace spec2::pathloss {
namespace {

/// Wavelengths of the axis as the peer has them: float32 metres, then float32 micron.
std::vector<double> axis_wavelengths(const PathlossReference::Axis& axis, std::size_t count) {
  std::vector<double> wavelengths(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float metres = static_cast<float>(axis.crval + (static_cast<double>(i + 1) - axis.crpix) * axis.cdelt);
    wavelengths[i] = static_cast<double>(metres * 1e6f);
  }
  return wavelengths;
}

double grid_index(const PathlossReference::Axis& axis, double value) {
  return axis.crpix + (value - axis.crval) / axis.cdelt - 1.0;
}

}  // namespace

std::optional<LossCurve> point_curve(const PathlossReference::Aperture& aperture, double x, double y) {
  const double column = grid_index(aperture.column_axis, x);
  const double row = grid_index(aperture.row_axis, y);
  const bool inside = column >= 0.0 && column < static_cast<double>(aperture.columns) - 1.0 && row >= 0.0 &&
                      row < static_cast<double>(aperture.rows) - 1.0;
  if (!inside) return std::nullopt;
  const auto i = static_cast<std::size_t>(row);
  const auto j = static_cast<std::size_t>(column);
  const double dx = column - static_cast<double>(j);
  const double dy = row - static_cast<double>(i);
  LossCurve curve{axis_wavelengths(aperture.wavelength_axis, aperture.wavelengths), std::vector<double>(aperture.wavelengths)};
  // Weights in double, products and sums in float32 as the peer's.
  const auto w00 = static_cast<float>((1 - dx) * (1 - dy)), w10 = static_cast<float>((1 - dx) * dy);
  const auto w01 = static_cast<float>(dx * (1 - dy)), w11 = static_cast<float>(dx * dy);
  for (std::size_t w = 0; w < aperture.wavelengths; ++w) {
    const float* const plane = aperture.point.data() + w * aperture.rows * aperture.columns;
    const auto at = [&](std::size_t r, std::size_t c) { return plane[r * aperture.columns + c]; };
    curve.transmission[w] = w00 * at(i, j) + w10 * at(i + 1, j) + w01 * at(i, j + 1) + w11 * at(i + 1, j + 1);
  }
  return curve;
}

LossCurve uniform_curve(const PathlossReference::Aperture& aperture) {
  return {axis_wavelengths(aperture.uniform_axis, aperture.uniform.size()),
          std::vector<double>(aperture.uniform.begin(), aperture.uniform.end())};
}

void fill_loss(const LossCurve& curve, View2<const float> wavelength_um, View2<float> loss) {
  const auto& x = curve.wavelength_um;
  const auto& y = curve.transmission;
  std::size_t hint = 1;
  for (std::size_t row = 0; row < wavelength_um.rows; ++row) {
    for (std::size_t column = 0; column < wavelength_um.columns; ++column) {
      const double value = wavelength_um.row(row)[column];
      // The first wavelength itself counts as outside: the interval of a value is the one below it.
      if (!(value > x.front()) || value > x.back()) {
        loss.row(row)[column] = std::numeric_limits<float>::quiet_NaN();
        continue;
      }
      if (!(x[hint - 1] < value && value <= x[hint])) {
        hint = static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), value) - x.begin());
      }
      const double fraction = (value - x[hint - 1]) / (x[hint] - x[hint - 1]);
      loss.row(row)[column] = static_cast<float>(y[hint - 1] + fraction * (y[hint] - y[hint - 1]));
    }
  }
}

SPEC2_CLONES void apply_loss(Planes& planes, View2<const float> loss, bool inverse) {
  const std::size_t size = loss.rows * loss.columns;
  const auto scale = [&](FloatPlane& plane, bool squared) {
    for (std::size_t n = 0; plane.size() != 0 && n < plane.shape(0); ++n) {
      float* const values = plane.data() + n * size;
      for (std::size_t i = 0; i < size; ++i) {
        const float factor = squared ? loss.data[i] * loss.data[i] : loss.data[i];
        values[i] = inverse ? values[i] * factor : values[i] / factor;
      }
    }
  };
  scale(planes.sci, false);
  scale(planes.err, false);
  scale(planes.var_poisson, true);
  scale(planes.var_rnoise, true);
  scale(planes.var_flat, true);
}

}  // namespace spec2::pathloss
