#include "wcs/asdf/nirspec_references.hpp"

#include <algorithm>
#include <cctype>

#include "wcs/asdf/transform_reader.hpp"

namespace spec2::asdf {
namespace {

template <std::size_t N>
std::array<double, N> fixed_reals(const AsdfFile& file, const char* key) {
  const std::vector<double> values = file.reals(key);
  if (values.size() != N) file.fail(fmt::format("{} has {} numbers, not {}", key, values.size(), N), key);
  std::array<double, N> out;
  std::copy(values.begin(), values.end(), out.begin());
  return out;
}

TiltModel read_tilt(const AsdfFile& file, const std::string& key) {
  TiltModel tilt;
  tilt.zero_readings = file.reals(key + ".zeroreadings");
  if (tilt.zero_readings.empty()) file.fail(key + ".zeroreadings is empty", key);
  tilt.coefficients = file.reals(key + ".tilt_model.coefficients");
  if (file.has(key + ".unit")) tilt.unit = file.text(key + ".unit");
  return tilt;
}

std::vector<Opening> table_rows(const AsdfFile& file, const YAML::Node& table, std::size_t first, std::size_t count) {
  const auto x = file.table_column(table, "XC", first, count), y = file.table_column(table, "YC", first, count);
  const auto width = file.table_column(table, "SIZEX", first, count), height = file.table_column(table, "SIZEY", first, count);
  std::vector<Opening> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = {x[i], y[i], width[i], height[i]};
  return rows;
}

}  // namespace

wcs::TransformId read_model(const AsdfFile& file, wcs::Arena& arena) {
  return read_transform(file, file.at("model"), arena);
}

wcs::TransformId read_fpa(const AsdfFile& file, const std::string& detector, wcs::Arena& arena) {
  std::string key = detector + "_model";
  std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
  return read_transform(file, file.at(key), arena);
}

Disperser read_disperser(const AsdfFile& file) {
  Disperser disperser;
  disperser.tilt_x = file.real("tilt_x");
  disperser.tilt_y = file.real("tilt_y");
  disperser.theta_x = file.real("theta_x");
  disperser.theta_y = file.real("theta_y");
  disperser.theta_z = file.real("theta_z");
  disperser.gwa_tiltx = read_tilt(file, "gwa_tiltx");
  disperser.gwa_tilty = read_tilt(file, "gwa_tilty");
  if (file.has("groovedensity")) disperser.groove_density = file.real("groovedensity");
  if (file.has("kcoef")) {
    disperser.angle = file.real("angle");
    disperser.reference_temperature = file.real("tref");
    disperser.reference_pressure = file.real("pref");
    disperser.kcoef = fixed_reals<3>(file, "kcoef");
    disperser.lcoef = fixed_reals<3>(file, "lcoef");
    disperser.tcoef = fixed_reals<6>(file, "tcoef");
    if (file.has("wbound")) disperser.wavelength_bounds = file.reals("wbound");
  }
  disperser.is_mirror = !disperser.groove_density && !file.has("kcoef");
  return disperser;
}

wcs::TransformId MsaReference::quadrant_model(int quadrant, wcs::Arena& arena) const {
  return read_transform(file_, file_.at(fmt::format("Q{}.model", quadrant)), arena);
}

std::vector<Opening> MsaReference::openings(int quadrant, std::size_t first, std::size_t count) const {
  return table_rows(file_, file_.at(fmt::format("Q{}.data", quadrant)), first, count);
}

Opening MsaReference::opening(int quadrant, std::size_t row) const { return openings(quadrant, row, 1)[0]; }

Slicer read_slicer(const AsdfFile& file, wcs::Arena& arena) {
  const YAML::Node table = file.at("data");
  const std::size_t rows = file.array_info(table).shape.empty() ? 0 : file.array_info(table).shape[0];
  return {table_rows(file, table, 0, rows), read_transform(file, file.at("model"), arena)};
}

std::vector<IfuPost> read_ifupost(const AsdfFile& file, const std::vector<int>& slices, wcs::Arena& arena) {
  std::vector<IfuPost> parts;
  for (const int slice : slices) {
    const std::string key = fmt::format("slice_{}.", slice);
    const auto part = [&](const char* name) { return read_transform(file, file.at(key + name), arena); };
    parts.push_back({part("linear"), part("xpoly"), part("xpoly_distortion"), part("ypoly"), part("ypoly_distortion")});
  }
  return parts;
}

std::vector<WavelengthRange> read_wavelength_ranges(const AsdfFile& file) {
  const YAML::Node selectors = file.at("waverange_selector");
  const std::vector<double> orders = file.reals("order");
  const std::vector<double> ranges = file.reals("wavelengthrange");
  if (selectors.size() != orders.size() || ranges.size() != 2 * orders.size()) {
    file.fail("order, range and selector differ in length");
  }
  std::vector<WavelengthRange> rows;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    rows.push_back({selectors[i].as<std::string>(), static_cast<int>(orders[i]), ranges[2 * i], ranges[2 * i + 1]});
  }
  return rows;
}

}  // namespace spec2::asdf
