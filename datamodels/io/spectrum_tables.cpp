#include "datamodels/io/spectrum_tables.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "datamodels/dq.hpp"
#include "datamodels/io/product_headers.hpp"

namespace spec2::io {
namespace {

using Type = ColumnForm::Type;

std::string squared(const std::string& unit) {
  return unit == "MJy/sr" ? "MJy^2 / sr^2" : unit == "DN/s" ? "DN^2 / s^2" : unit.empty() ? "" : unit + "^2";
}

enum class Unit { none, micron, flux, flux_squared, surface, surface_squared };

struct SpectrumColumn {
  const char* name;
  Unit unit;
  std::vector<double> Spectrum::*values;  ///< null for DQ
};

constexpr SpectrumColumn kColumns[] = {
    {"WAVELENGTH", Unit::micron, &Spectrum::wavelength},
    {"FLUX", Unit::flux, &Spectrum::flux},
    {"FLUX_ERROR", Unit::flux, &Spectrum::flux_error},
    {"FLUX_VAR_POISSON", Unit::flux_squared, &Spectrum::flux_var_poisson},
    {"FLUX_VAR_RNOISE", Unit::flux_squared, &Spectrum::flux_var_rnoise},
    {"FLUX_VAR_FLAT", Unit::flux_squared, &Spectrum::flux_var_flat},
    {"SURF_BRIGHT", Unit::surface, &Spectrum::surf_bright},
    {"SB_ERROR", Unit::surface, &Spectrum::sb_error},
    {"SB_VAR_POISSON", Unit::surface_squared, &Spectrum::sb_var_poisson},
    {"SB_VAR_RNOISE", Unit::surface_squared, &Spectrum::sb_var_rnoise},
    {"SB_VAR_FLAT", Unit::surface_squared, &Spectrum::sb_var_flat},
    {"DQ", Unit::none, nullptr},
    {"BACKGROUND", Unit::surface, &Spectrum::background},
    {"BKGD_ERROR", Unit::surface, &Spectrum::bkgd_error},
    {"BKGD_VAR_POISSON", Unit::surface_squared, &Spectrum::bkgd_var_poisson},
    {"BKGD_VAR_RNOISE", Unit::surface_squared, &Spectrum::bkgd_var_rnoise},
    {"BKGD_VAR_FLAT", Unit::surface_squared, &Spectrum::bkgd_var_flat},
    {"NPIXELS", Unit::none, &Spectrum::npixels},
};

constexpr std::array kTimeKeywords = {"MJD-BEG", "MJD-AVG", "MJD-END", "TDB-BEG", "TDB-MID", "TDB-END"};

std::string unit_text(Unit unit, const Spectrum& spectrum) {
  switch (unit) {
    case Unit::none: return "";
    case Unit::micron: return "um";
    case Unit::flux: return spectrum.flux_unit;
    case Unit::flux_squared: return squared(spectrum.flux_unit);
    case Unit::surface: return spectrum.surf_bright_unit;
    case Unit::surface_squared: return squared(spectrum.surf_bright_unit);
  }
  return "";
}

/// A column that no step filled holds zeros, as the peer's does.
double value_or_zero(const std::vector<double>& values, std::size_t i) { return i < values.size() ? values[i] : 0.0; }

void put_vector(TableRows& rows, const Spectrum& spectrum, const SpectrumColumn& column, std::size_t length) {
  const std::size_t held = std::min(spectrum.size(), length);
  if (!column.values) {
    for (std::size_t i = 0; i < held; ++i) rows.put_unsigned(i < spectrum.dq.size() ? spectrum.dq[i] : 0);
    for (std::size_t i = held; i < length; ++i) rows.put_unsigned(dq::kDoNotUse);
    return;
  }
  const std::vector<double>& values = spectrum.*column.values;
  const double filler = column.values == &Spectrum::npixels ? 0.0 : std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < held; ++i) rows.put_real(value_or_zero(values, i));
  for (std::size_t i = held; i < length; ++i) rows.put_real(filler);
}

}  // namespace

std::vector<ColumnForm> spectrum_columns(const Spectrum& spectrum) {
  std::vector<ColumnForm> forms;
  for (const SpectrumColumn& column : kColumns) {
    forms.push_back({column.name, unit_text(column.unit, spectrum), column.values ? Type::real64 : Type::unsigned32, 1});
  }
  return forms;
}

NewHdu spectrum_hdu(const Spectrum& spectrum, int version) {
  return table_hdu("EXTRACT1D", version, spectrum.size(), spectrum_columns(spectrum), spectrum_cards(spectrum.meta));
}

void put_rows(TableRows& rows, const Spectrum& spectrum) {
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    for (const SpectrumColumn& column : kColumns) {
      if (column.values) rows.put_real(value_or_zero(spectrum.*column.values, i));
      else rows.put_unsigned(i < spectrum.dq.size() ? spectrum.dq[i] : 0);
    }
  }
}

std::vector<ColumnForm> series_columns(const Spectrum& first, std::size_t length) {
  std::vector<ColumnForm> forms = spectrum_columns(first);
  for (ColumnForm& form : forms) form.repeat = length;
  forms.insert(forms.begin(), {"INT_NUM", "", Type::integer32, 1});
  forms.push_back({"N_ALONGDISP", "", Type::unsigned32, 1});
  forms.push_back({"SEGMENT", "", Type::integer32, 1});
  for (const char* const keyword : kTimeKeywords) forms.push_back({keyword, "d", Type::real64, 1});
  return forms;
}

std::vector<SpectrumSeries> series_of(std::span<const Spectrum> spectra) {
  std::vector<SpectrumSeries> series;
  const auto same = [](const Spectrum& a, const Spectrum& b) {
    return a.meta.find_text("SLTNAME") == b.meta.find_text("SLTNAME") &&
           a.meta.find_integer("SPORDER") == b.meta.find_integer("SPORDER") &&
           a.meta.find_integer("SOURCEID") == b.meta.find_integer("SOURCEID");
  };
  for (std::size_t begin = 0, end = 0; begin < spectra.size(); begin = end) {
    end = begin + 1;
    while (end < spectra.size() && same(spectra[begin], spectra[end])) ++end;
    series.push_back(spectra.subspan(begin, end - begin));
  }
  return series;
}

std::size_t longest(SpectrumSeries series) {
  std::size_t length = 0;
  for (const Spectrum& spectrum : series) length = std::max(length, spectrum.size());
  return length;
}

std::size_t table_rows(const Exposure& exposure, SpectrumSeries series) {
  return exposure.block.is_part() ? exposure.block.total : series.size();
}

SeriesTable::SeriesTable(ProductFile& file, SpectrumSeries first, std::size_t rows, int segment, int version)
    : hdu_{}, length_(longest(first)), segment_(segment) {
  Metadata meta = first.front().meta;
  for (const char* const keyword : kTimeKeywords) meta.erase(keyword);
  meta.erase("INT_NUM");
  hdu_ = file.begin_table("EXTRACT1D", version, rows, series_columns(first.front(), length_), spectrum_cards(meta));
}

void SeriesTable::write(ProductFile& file, SpectrumSeries series, std::size_t first_row) const {
  if (longest(series) > length_) {
    throw Error(ErrorCause::internal, fmt::format("a spectrum of {} values in a table for {}", longest(series), length_));
  }
  TableRows row;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Spectrum& spectrum = series[i];
    row.clear();
    row.put_integer(spectrum.integration > 0 ? spectrum.integration : static_cast<std::int32_t>(first_row + i) + 1);
    for (const SpectrumColumn& column : kColumns) put_vector(row, spectrum, column, length_);
    row.put_unsigned(static_cast<std::uint32_t>(spectrum.size()));
    row.put_integer(segment_);
    for (const char* const keyword : kTimeKeywords) {
      row.put_real(spectrum.meta.find_real(keyword).value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    file.write_rows_at_once(hdu_, first_row + i, row.bytes());
  }
}

std::vector<ColumnForm> integration_time_columns() {
  std::vector<ColumnForm> forms = {{"integration_number", "", Type::integer32, 1}};
  for (const std::string_view name : IntegrationTimes::kColumns) forms.push_back({std::string(name), "", Type::real64, 1});
  return forms;
}

void write_integration_times(ProductFile& file, const IntegrationTimes& times) {
  const auto hdu = file.begin_table("INT_TIMES", 1, times.size(), integration_time_columns(), {});
  TableRows rows;
  for (std::size_t i = 0; i < times.size(); ++i) {
    rows.put_integer(times.number[i]);
    for (const std::vector<double>& column : times.days) rows.put_real(column[i]);
  }
  file.write_rows(hdu, 0, rows.bytes());
}

}  // namespace spec2::io
