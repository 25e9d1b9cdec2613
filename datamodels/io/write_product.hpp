#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "datamodels/exposure.hpp"
#include "datamodels/io/product_file.hpp"

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
                          FileSystem& files = FileSystem::system());

/// A product of a time series written by blocks of integrations: an image cube, or one slit. The planes of the exposure
/// given to `begin` hold the first block, those given to `append` the following ones, in order; the other planes, the headers
/// and the ASDF extension come from the first.
class SeriesProduct {
 public:
  SeriesProduct(const Exposure& first, std::size_t integrations, const std::filesystem::path& path, const ProductOrigin& origin,
                FileSystem& files = FileSystem::system());
  void append(const Planes& block);
  /// Throws Error(internal) when integrations are missing. The result waits for `commit()`.
  ProductFile finish() &&;

 private:
  struct Part {
    PlaneKind kind;
    ProductFile::HduId hdu;
  };
  ProductFile file_;
  std::vector<Part> parts_;
  std::size_t next_ = 0;  ///< integration
};

}  // namespace spec2::io
