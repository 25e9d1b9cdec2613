#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datamodels/io/product_file.hpp"

namespace spec2::test {

/// A cal or s2d product with one slit: SCI and DQ of the same shape.
inline void write_image_product(const std::filesystem::path& path, const std::string& slit, std::span<const std::size_t> shape,
                                std::span<const float> values, std::span<const std::uint32_t> dq,
                                const std::string& target = "STAR") {
  io::ProductFile file = io::ProductFile::create(path);
  const io::Card primary[] = {{"TARGNAME", target, ""}};
  file.write_primary(primary);
  const io::Card cards[] = {{"SLTNAME", slit, ""}, {"BUNIT", std::string("MJy/sr"), ""}};
  file.write_image("SCI", 1, shape, values, cards);
  if (!dq.empty()) file.write_image("DQ", 1, shape, dq, {});
  file.finish();
  file.commit();
}

/// An x1d product: rows of wavelength, flux and its error.
struct SpectrumRow {
  double wavelength, flux, error;
};
inline void write_spectrum(const std::filesystem::path& path, const std::string& slit, std::span<const SpectrumRow> values) {
  io::ProductFile file = io::ProductFile::create(path);
  file.write_primary({});
  using Form = io::ColumnForm;
  const Form forms[] = {{"WAVELENGTH", "um", Form::Type::real64, 1}, {"FLUX", "Jy", Form::Type::real64, 1},
                        {"FLUX_ERROR", "Jy", Form::Type::real64, 1}};
  const io::Card cards[] = {{"SLTNAME", slit, ""}};
  const auto table = file.begin_table("EXTRACT1D", 1, values.size(), forms, cards);
  io::TableRows rows;
  for (const SpectrumRow& row : values) {
    rows.put_real(row.wavelength);
    rows.put_real(row.flux);
    rows.put_real(row.error);
  }
  file.write_rows(table, 0, rows.bytes());
  file.finish();
  file.commit();
}

}  // namespace spec2::test
