#include "datamodels/references/apcorr.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "datamodels/io/fits_file.hpp"

namespace spec2 {
namespace {

constexpr char kTable[] = "APCORR";

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

/// Puts the wavelengths of a row in rising order, and the tables with them.
void sort_by_wavelength(SlitApcorrReference::Row& row) {
  const std::size_t count = row.wavelength.size(), phases = row.phase.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return row.wavelength[a] < row.wavelength[b]; });
  if (std::is_sorted(order.begin(), order.end())) return;
  SlitApcorrReference::Row sorted = row;
  for (std::size_t w = 0; w < count; ++w) {
    sorted.wavelength[w] = row.wavelength[order[w]];
    for (std::size_t s = 0; s < row.sizes; ++s) {
      sorted.size[s * count + w] = row.size[s * count + order[w]];
      for (std::size_t p = 0; p < phases; ++p) {
        sorted.correction[(s * count + w) * phases + p] = row.correction[(s * count + order[w]) * phases + p];
      }
    }
  }
  row = std::move(sorted);
}

std::vector<double> row_of(const std::vector<double>& values, std::size_t row, std::size_t width) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * width);
  return {first, first + static_cast<std::ptrdiff_t>(width)};
}

}  // namespace

const SlitApcorrReference::Row& SlitApcorrReference::find(const std::string& filter, const std::string& grating,
                                                          const std::string& slit) const {
  const Row* found = nullptr;
  std::size_t count = 0;
  for (const Row& row : rows) {
    if (row.filter != upper(filter) || row.grating != upper(grating) || row.slit != upper(slit)) continue;
    found = &row;
    ++count;
  }
  if (count != 1) {
    throw Error(ErrorCause::reference,
                fmt::format("the apcorr reference has {} rows for {} {} {}, not one", count, filter, grating, slit),
                {.hdu = kTable},
                "Choose another apcorr file, or leave the correction out with --set extract_1d.apply_apcorr=false");
  }
  return *found;
}

SlitApcorrReference read_slit_apcorr(const std::string& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::reference);
  SlitApcorrReference reference;
  reference.size_unit = file.header(kTable).find_text("SIZEUNIT").value_or("pixels");
  const auto filter = file.column_text(kTable, 1, "filter"), grating = file.column_text(kTable, 1, "grating"),
             slit = file.column_text(kTable, 1, "slit");
  const auto wavelength = file.column_real(kTable, 1, "wavelength"), size = file.column_real(kTable, 1, "size"),
             phase = file.column_real(kTable, 1, "pixphase"), correction = file.column_real(kTable, 1, "apcorr");
  const std::size_t waves = file.column(kTable, 1, "wavelength").repeat, phases = file.column(kTable, 1, "pixphase").repeat,
                    cells = file.column(kTable, 1, "size").repeat;
  if (waves == 0 || phases == 0 || cells % waves != 0 || file.column(kTable, 1, "apcorr").repeat != cells * phases) {
    throw Error(ErrorCause::reference, "the columns wavelength, size, pixphase and apcorr do not fit each other",
                {.file = path, .hdu = kTable}, "Choose another apcorr file");
  }
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    SlitApcorrReference::Row row{
        upper(filter[i]),         upper(grating[i]), upper(slit[i]),         row_of(wavelength, i, waves),
        row_of(phase, i, phases), cells / waves,     row_of(size, i, cells), row_of(correction, i, cells * phases)};
    sort_by_wavelength(row);
    bytes += (waves + phases + cells + cells * phases) * sizeof(double);
    reference.rows.push_back(std::move(row));
  }
  reference.reservation = Reservation(account, bytes, "reference apcorr");
  return reference;
}

}  // namespace spec2
