#pragma once

#include <span>

#include "datamodels/exposure.hpp"
#include "datamodels/io/product_file.hpp"

namespace spec2::io {

/// Columns of the table of one spectrum (one row a wavelength), in the peer's order, with units.
/// Source: stdatamodels 6.0.0 spectable.schema.
std::vector<ColumnForm> spectrum_columns(const Spectrum& spectrum);
/// Its table, EXTRACT1D,`version`, and the rows of it.
NewHdu spectrum_hdu(const Spectrum& spectrum, int version);
void put_rows(TableRows& rows, const Spectrum& spectrum);

/// Columns of the table of a time series: one row an integration, spectra as vectors of `length` values.
/// Source: stdatamodels 6.0.0 tso_spectable.schema.
std::vector<ColumnForm> series_columns(const Spectrum& first, std::size_t length);

/// Spectra of one slit or order, by integration. The end of shorter ones is filled with NaN, DO_NOT_USE and no pixels.
using SpectrumSeries = std::span<const Spectrum>;
/// Splits the spectra of a time series, which lie slit by slit, at each new name or order.
std::vector<SpectrumSeries> series_of(std::span<const Spectrum> spectra);
std::size_t longest(SpectrumSeries series);
/// Rows of the table of these spectra of the exposure: its integrations, also when a block of them is held.
std::size_t table_rows(const Exposure& exposure, SpectrumSeries series);

/// The table EXTRACT1D,`version` of such a series, whose rows may come in blocks. Times of the integrations are those in the
/// spectra's keywords (MJD-BEG, ...), else NaN.
class SeriesTable {
 public:
  /// Columns, units and keywords are those of `first`.
  SeriesTable(ProductFile& file, SpectrumSeries first, std::size_t rows, int segment, int version);
  /// Rows from `first_row` on, by several threads at once after ProductFile::flush.
  void write(ProductFile& file, SpectrumSeries series, std::size_t first_row) const;

 private:
  ProductFile::HduId hdu_;
  std::size_t length_;
  int segment_;
};

std::vector<ColumnForm> integration_time_columns();
void write_integration_times(ProductFile& file, const IntegrationTimes& times);

}  // namespace spec2::io
