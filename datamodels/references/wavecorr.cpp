#include "datamodels/references/wavecorr.hpp"

#include <algorithm>

#include "wcs/asdf/asdf_file.hpp"

namespace spec2 {

const WavecorrReference::Aperture* WavecorrReference::find(const std::string& name) const {
  const auto found = std::find_if(apertures.begin(), apertures.end(), [&](const Aperture& each) { return each.name == name; });
  return found == apertures.end() ? nullptr : &*found;
}

WavecorrReference read_wavecorr(const std::string& path, Account& account) {
  constexpr std::string_view kUnused[] = {"asdf_library", "history", "meta"};
  const asdf::AsdfFile file = asdf::AsdfFile::open(path, ErrorCause::reference, kUnused);
  WavecorrReference reference;
  std::size_t bytes = 0;
  try {
    for (const YAML::Node& node : file.at("apertures")) {
      WavecorrReference::Aperture& aperture = reference.apertures.emplace_back();
      aperture.name = node["aperture_name"].as<std::string>();
      const YAML::Node table = node["zero_point_offset"];
      aperture.wavelength_m = file.array(table["points"][0]);
      aperture.position = file.array(table["points"][1]);
      aperture.offset = file.array(table["lookup_table"]);
      if (aperture.wavelength_m.size() < 2 || aperture.position.size() < 2 ||
          aperture.offset.size() != aperture.wavelength_m.size() * aperture.position.size()) {
        file.fail("the table of aperture " + aperture.name + " does not fit its points", "zero_point_offset");
      }
      bytes += (aperture.offset.size() + aperture.wavelength_m.size() + aperture.position.size()) * sizeof(double);
    }
  } catch (const YAML::Exception& error) {
    file.fail("an aperture is described wrongly: " + error.msg, "apertures");
  }
  reference.reservation = Reservation(account, bytes, "reference wavecorr");
  return reference;
}

}  // namespace spec2
