#include "datamodels/references/photom.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "datamodels/io/fits_file.hpp"

namespace spec2 {
namespace {

constexpr char kTable[] = "PHOTOM";

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

/// A curve in rising order of wavelength, in micron also when the file has metres.
void set_curve(PhotomReference::Row& row, const double* wavelength, const double* response, std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto falls = [&](std::size_t a, std::size_t b) { return !(wavelength[b] > wavelength[a]); };
  if (std::adjacent_find(order.begin(), order.end(), falls) != order.end()) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return wavelength[a] < wavelength[b]; });
  }
  const double largest = count > 0 ? *std::max_element(wavelength, wavelength + count) : 0.0;
  constexpr double kHundredMicronInMetres = 1e-4;
  const bool in_metres = largest > 0.0 && largest < kHundredMicronInMetres;
  for (const std::size_t i : order) {
    // The column is float32, and so is the product in the peer.
    row.wavelength_um.push_back(in_metres ? static_cast<double>(static_cast<float>(wavelength[i]) * 1e6f) : wavelength[i]);
    row.response.push_back(response[i]);
  }
}

void read_rows(io::FitsFile& file, PhotomReference& reference) {
  const auto text_column = [&](const char* name, std::size_t count) {
    return file.has_column(kTable, 1, name) ? file.column_text(kTable, 1, name) : std::vector<std::string>(count);
  };
  const std::size_t count = file.info(kTable).rows;
  const auto filter = text_column("filter", count), grating = text_column("grating", count), slit = text_column("slit", count);
  const auto photmj = file.column_real(kTable, 1, "photmj");
  const auto wavelength = file.column_real(kTable, 1, "wavelength"), response = file.column_real(kTable, 1, "relresponse");
  const std::size_t width = file.column(kTable, 1, "wavelength").repeat;
  if (file.column(kTable, 1, "relresponse").repeat != width) {
    throw Error(ErrorCause::reference, "wavelength and relresponse differ in length", {.file = file.path(), .hdu = kTable},
                "Choose another photom file");
  }
  const auto lengths = file.has_column(kTable, 1, "nelem") ? file.column_integer(kTable, 1, "nelem")
                                                           : std::vector<std::int64_t>(count, static_cast<std::int64_t>(width));
  for (std::size_t i = 0; i < count; ++i) {
    PhotomReference::Row& row = reference.rows.emplace_back();
    row.filter = upper(filter[i]);
    row.grating = upper(grating[i]);
    row.slit = upper(slit[i]);
    row.photmj = static_cast<float>(photmj[i]);
    const auto used = static_cast<std::size_t>(std::clamp<std::int64_t>(lengths[i], 0, static_cast<std::int64_t>(width)));
    set_curve(row, wavelength.data() + i * width, response.data() + i * width, used);
  }
}

template <class Coefficients>
std::vector<Coefficients> read_coefficients(io::FitsFile& file, const char* table, std::initializer_list<const char*> columns,
                                            std::size_t rows) {
  if (!file.has(table)) return {};
  std::vector<Coefficients> found(rows);
  if (file.info(table).rows != rows) {
    throw Error(ErrorCause::reference, fmt::format("table {} has {} rows, PHOTOM has {}", table, file.info(table).rows, rows),
                {.file = file.path(), .hdu = table}, "Choose another photom file");
  }
  std::size_t place = 0;
  for (const char* column : columns) {
    const auto values = file.column_real(table, 1, column);
    for (std::size_t i = 0; i < rows; ++i) reinterpret_cast<float*>(&found[i])[place] = static_cast<float>(values[i]);
    ++place;
  }
  return found;
}

}  // namespace

std::optional<std::size_t> PhotomReference::find(const std::string& filter, const std::string& grating,
                                                 const std::string& slit) const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (row.filter != upper(filter) || row.grating != upper(grating) || (!slit.empty() && row.slit != upper(slit))) continue;
    if (found) {
      throw Error(ErrorCause::reference, fmt::format("the photom table has several rows for {} {} {}", filter, grating, slit),
                  {.hdu = kTable}, "Choose another photom file");
    }
    found = i;
  }
  return found;
}

double PhotomReference::time_correction(std::size_t row, double mid_time_mjd) const {
  const float time = static_cast<float>(mid_time_mjd);
  double correction = 1.0;
  if (!linear.empty()) {
    const Linear& c = linear[row];
    correction *= 1.0f - c.loss_per_year * (time - c.t0) / 365.0f;
  }
  if (!exponential.empty()) {
    const Exponential& c = exponential[row];
    correction *= c.amplitude * std::exp(-(time - c.t0) / c.tau) + c.constant;
  }
  if (!power_law.empty()) {
    const PowerLaw& c = power_law[row];
    const float norm = std::pow(365.0f + c.t_soft, c.alpha) / c.year1_value;
    correction *= std::pow(time - c.t0 + c.t_soft, c.alpha) / norm;
  }
  return correction;
}

PhotomReference read_photom(const std::string& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::reference);
  PhotomReference reference;
  read_rows(file, reference);
  const std::size_t count = reference.rows.size();
  reference.linear = read_coefficients<PhotomReference::Linear>(file, "TIMECOEFF_LINEAR", {"t0", "lossperyear"}, count);
  reference.exponential =
      read_coefficients<PhotomReference::Exponential>(file, "TIMECOEFF_EXPONENTIAL", {"t0", "amplitude", "tau", "const"}, count);
  reference.power_law =
      read_coefficients<PhotomReference::PowerLaw>(file, "TIMECOEFF_POWERLAW", {"t0", "year1value", "tsoft", "alpha"}, count);
  std::size_t bytes = 0;
  for (const auto& row : reference.rows) bytes += sizeof(row) + 2 * row.response.size() * sizeof(double);
  reference.reservation = Reservation(account, bytes, "reference photom");
  return reference;
}

}  // namespace spec2
