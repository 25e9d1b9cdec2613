#include "datamodels/references/pathloss.hpp"

#include <algorithm>

#include "datamodels/io/fits_file.hpp"

namespace spec2 {
namespace {

PathlossReference::Axis read_axis(const Metadata& header, int number) {
  return {header.real(fmt::format("CRPIX{}", number)), header.real(fmt::format("CRVAL{}", number)),
          header.real(fmt::format("CDELT{}", number))};
}

std::vector<float> read_values(io::FitsFile& file, const char* name, int version, std::size_t axes) {
  const auto& shape = file.info(name, version).shape;
  if (shape.size() != axes) {
    throw Error(ErrorCause::reference, fmt::format("the pathloss image has {} axes, not {}", shape.size(), axes),
                {.file = file.path(), .hdu = fmt::format("{},{}", name, version), .keyword = "NAXIS"},
                "Choose another pathloss file");
  }
  std::size_t size = 1;
  for (const std::size_t axis : shape) size *= axis;
  std::vector<float> values(size);
  file.read(name, version, 0, std::span<float>(values));
  return values;
}

}  // namespace

const PathlossReference::Aperture* PathlossReference::find(const std::string& name) const {
  const auto found = std::find_if(apertures.begin(), apertures.end(), [&](const Aperture& each) { return each.name == name; });
  return found == apertures.end() ? nullptr : &*found;
}

PathlossReference read_pathloss(const std::string& path, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::reference);
  PathlossReference reference;
  std::size_t bytes = 0;
  const int count = static_cast<int>(file.count("PS"));
  if (count == 0) {
    throw Error(ErrorCause::reference, "there is no HDU PS", {.file = path, .hdu = "PS"}, "Choose a pathloss reference file");
  }
  for (int version = 1; version <= count; ++version) {
    PathlossReference::Aperture& aperture = reference.apertures.emplace_back();
    const Metadata point = file.header("PS", version);
    const Metadata uniform = file.header("UNI", version);
    aperture.name = point.text("APERTURE");
    aperture.shutters = static_cast<int>(point.find_integer("NSHUTTER").value_or(0));
    aperture.point = read_values(file, "PS", version, 3);
    const auto& shape = file.info("PS", version).shape;
    aperture.wavelengths = shape[0];
    aperture.rows = shape[1];
    aperture.columns = shape[2];
    aperture.column_axis = read_axis(point, 1);
    aperture.row_axis = read_axis(point, 2);
    aperture.wavelength_axis = read_axis(point, 3);
    aperture.uniform = read_values(file, "UNI", version, 1);
    aperture.uniform_axis = read_axis(uniform, 1);
    bytes += (aperture.point.size() + aperture.uniform.size()) * sizeof(float);
  }
  reference.reservation = Reservation(account, bytes, "reference pathloss");
  return reference;
}

}  // namespace spec2
