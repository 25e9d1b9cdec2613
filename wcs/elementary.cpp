#include "wcs/elementary.hpp"

#include <algorithm>
#include <functional>

namespace spec2::wcs {

namespace {

// Mapping.inverse: each input is read from the first output that holds it; none when an input is dropped.
std::optional<Elementary> inverse_mapping(int inputs, std::span<const std::uint32_t> sources) {
  Elementary back{Kind::mapping, static_cast<int>(sources.size()), inputs, {}, {}};
  for (int i = 0; i < inputs; ++i) {
    const auto found = std::find(sources.begin(), sources.end(), static_cast<std::uint32_t>(i));
    if (found == sources.end()) return {};
    back.integers.push_back(static_cast<std::uint32_t>(found - sources.begin()));
  }
  return back;
}

// AffineTransformation2D.inverse: inv(M) and -inv(M) t.
std::optional<Elementary> inverse_affine(std::span<const double> p) {
  const double determinant = p[0] * p[3] - p[1] * p[2];
  if (determinant == 0.0) return {};
  const double a = p[3] / determinant, b = -p[1] / determinant, c = -p[2] / determinant, d = p[0] / determinant;
  return Elementary{Kind::affine2d, 2, 2, {a, b, c, d, -(a * p[4] + b * p[5]), -(c * p[4] + d * p[5])}, {}};
}

std::optional<Elementary> inverse_table(std::span<const double> p, std::span<const std::uint32_t> k) {
  const std::size_t n = k[0];
  const auto points = p.subspan(1, n), values = p.subspan(1 + n, n);
  const bool rising = std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
  const bool falling = std::adjacent_find(values.begin(), values.end(), std::less_equal<>()) == values.end();
  if (!rising && !falling) return {};
  Elementary back{Kind::tabular1d, 1, 1, {p[0]}, {k.begin(), k.end()}};
  back.parameters.insert(back.parameters.end(), values.begin(), values.end());
  back.parameters.insert(back.parameters.end(), points.begin(), points.end());
  if (falling) {
    std::reverse(back.parameters.begin() + 1, back.parameters.begin() + 1 + static_cast<std::ptrdiff_t>(n));
    std::reverse(back.parameters.begin() + 1 + static_cast<std::ptrdiff_t>(n), back.parameters.end());
  }
  return back;
}

Elementary reversed_rotation(Kind kind, std::span<const double> p, std::span<const std::uint32_t> k) {
  Elementary back{kind, 3, 3, {p.rbegin(), p.rend()}, {k.rbegin(), k.rend()}};
  for (double& angle : back.parameters) angle = -angle;
  return back;
}

}  // namespace

std::optional<Elementary> elementary_inverse(Kind kind, int inputs, int outputs, std::span<const double> p,
                                             std::span<const std::uint32_t> k) {
  const auto swapped = [&](Kind other) { return Elementary{other, outputs, inputs, {p.begin(), p.end()}, {}}; };
  switch (kind) {
    case Kind::identity: return swapped(Kind::identity);
    case Kind::mapping: return inverse_mapping(inputs, k);
    case Kind::shift: return Elementary{kind, 1, 1, {-p[0]}, {}};
    case Kind::scale:
    case Kind::multiply: return Elementary{kind, 1, 1, {1.0 / p[0]}, {}};
    case Kind::linear1d: return Elementary{kind, 1, 1, {1.0 / p[0], -p[1] / p[0]}, {}};
    case Kind::affine2d: return inverse_affine(p);
    case Kind::rotation2d: return Elementary{kind, 2, 2, {-p[0]}, {}};
    case Kind::rotation_sequence3d:
    case Kind::rotation_to_gwa: return reversed_rotation(kind, p, k);
    case Kind::spherical_to_cartesian: return swapped(Kind::cartesian_to_spherical);
    case Kind::cartesian_to_spherical: return swapped(Kind::spherical_to_cartesian);
    case Kind::to_direction_cosines: return swapped(Kind::from_direction_cosines);
    case Kind::from_direction_cosines: return swapped(Kind::to_direction_cosines);
    case Kind::unitless_to_cosines: return swapped(Kind::cosines_to_unitless);
    case Kind::cosines_to_unitless: return swapped(Kind::unitless_to_cosines);
    case Kind::pix2sky_tan: return swapped(Kind::sky2pix_tan);
    case Kind::sky2pix_tan: return swapped(Kind::pix2sky_tan);
    case Kind::rotate_native2celestial: return swapped(Kind::rotate_celestial2native);
    case Kind::rotate_celestial2native: return swapped(Kind::rotate_native2celestial);
    case Kind::ideal_to_v2v3: return swapped(Kind::v2v3_to_ideal);
    case Kind::v2v3_to_ideal: return swapped(Kind::ideal_to_v2v3);
    case Kind::tabular1d: return inverse_table(p, k);
    default: return {};
  }
}

}  // namespace spec2::wcs
