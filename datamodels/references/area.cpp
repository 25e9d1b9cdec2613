#include "datamodels/references/area.hpp"

#include "datamodels/io/fits_file.hpp"

namespace spec2 {

std::optional<double> SlitAreaReference::find(const std::string& slit) const {
  for (const Row& row : rows) {
    if (row.slit == slit) return row.pixel_area_arcsec2;
  }
  return std::nullopt;
}

SlitAreaReference read_slit_area(const std::string& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::reference);
  SlitAreaReference reference;
  const auto slits = file.column_text("AREA", 1, "slit_id");
  const auto areas = file.column_real("AREA", 1, "pixarea");
  for (std::size_t i = 0; i < slits.size(); ++i) reference.rows.push_back({slits[i], areas[i]});
  reference.reservation = Reservation(account, reference.rows.size() * sizeof(SlitAreaReference::Row), "reference area");
  return reference;
}

}  // namespace spec2
