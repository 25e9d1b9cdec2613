#pragma once

#include <filesystem>

namespace spec2::pipeline {

/// Writes the spectra of an x1dints product as HDF5 that xarray opens with the engine h5netcdf: dimensions `integration` and
/// `wavelength` (dimension scales: INT_NUM and WAVELENGTH in micron), one dataset a column with its unit in the attribute `units`
/// (flux, flux_error, dq, ..., names in lower case), and the times of the integrations (mjd_beg, ..., tdb_end). With several
/// tables (orders, slits) each has a group of its own, EXTRACT1D_1 and on. Read and written by rows: memory does not grow with
/// their number. The file is complete or absent. Throws Error(data) for a file without such tables, Error(system).
void export_spectra(const std::filesystem::path& product, const std::filesystem::path& output);

}  // namespace spec2::pipeline
