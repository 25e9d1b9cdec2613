#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "datamodels/exposure.hpp"
#include "datamodels/io/product_file.hpp"
#include "datamodels/io/spectrum_tables.hpp"

namespace spec2::io {

/// What products say about the program that wrote them.
struct ProductOrigin {
  std::string version;                 ///< CAL_VER
  std::vector<std::string> log_lines;  ///< kept in the ASDF extension as cal_logs.calwebb_spec2
};

/// Writes the exposure as the peer writes a model of its kind: images with their planes, slits with one set of planes
/// each (EXTVER from 1), spectra as tables, last the ASDF extension with the meta tree and the WCS. The result is finished
/// and waits for `commit()`.
ProductFile write_product(const Exposure& exposure, const std::filesystem::path& path, const ProductOrigin& origin,
                          FileSystem& files = FileSystem::system(), const Parallel& parallel = Parallel());

/// A product of a time series written by blocks of integrations (`Exposure::block`): an image cube, one slit, or tables of
/// spectra. Headers, the ASDF extension and planes that hold for all integrations come from the first block; the others may
/// follow in any order, from several threads at once.
class SeriesProduct {
 public:
  SeriesProduct(const Exposure& first, const std::filesystem::path& path, const ProductOrigin& origin,
                FileSystem& files = FileSystem::system());
  void append(const Exposure& block);
  /// Throws Error(internal) when integrations are missing. The result waits for `commit()`.
  ProductFile finish() &&;

 private:
  ProductFile file_;
  std::vector<std::pair<PlaneKind, ProductFile::HduId>> planes_;
  std::vector<SeriesTable> tables_;
};

}  // namespace spec2::io
