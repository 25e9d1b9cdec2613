#include "datamodels/references/nirspec_flat.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "datamodels/references/dq_definitions.hpp"

namespace spec2 {
namespace {

constexpr char kTable[] = "FAST_VARIATION";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

void append_point(NirspecFlat::Curve& curve, double wavelength, double flat, double error) {
  if (std::isnan(wavelength) || std::isnan(flat) || !(wavelength > 0.0) || flat == 0.0) return;
  curve.wavelength.push_back(wavelength);
  curve.flat.push_back(flat);
  curve.error.push_back(error);
}

void read_curves(io::FitsFile& file, NirspecFlat& flat) {
  const std::size_t rows = file.info(kTable).rows;
  const auto wavelength = file.column_real(kTable, 1, "wavelength");
  const auto data = file.column_real(kTable, 1, "data");
  const auto error = file.column_real(kTable, 1, "error");
  const std::size_t width = file.column(kTable, 1, "wavelength").repeat;
  if (data.size() != wavelength.size() || error.size() != wavelength.size() || rows == 0) {
    throw Error(ErrorCause::reference, "columns wavelength, data and error differ in length",
                {.file = file.path(), .hdu = kTable}, "Choose another flat");
  }
  const bool by_slit = file.has_column(kTable, 1, "slit_name");
  const auto slits = by_slit ? file.column_text(kTable, 1, "slit_name") : std::vector<std::string>(rows);
  const bool has_lengths = file.has_column(kTable, 1, "nelem");
  const auto lengths =
      has_lengths ? file.column_integer(kTable, 1, "nelem") : std::vector<std::int64_t>(rows, static_cast<std::int64_t>(width));
  if (width == 1 && !by_slit) {
    // One value a row: the rows together are the curve.
    NirspecFlat::Curve& curve = flat.curves.emplace_back();
    const std::size_t used =
        has_lengths ? std::min<std::size_t>(rows, static_cast<std::size_t>(std::max<std::int64_t>(lengths[0], 0))) : rows;
    for (std::size_t i = 0; i < used; ++i) append_point(curve, wavelength[i], data[i], error[i]);
    return;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    NirspecFlat::Curve& curve = flat.curves.emplace_back();
    curve.slit = lower(slits[row]);
    const auto used = static_cast<std::size_t>(std::clamp<std::int64_t>(lengths[row], 0, static_cast<std::int64_t>(width)));
    for (std::size_t i = row * width; i < row * width + used; ++i) append_point(curve, wavelength[i], data[i], error[i]);
  }
}

/// The rows of all planes of an image, or of a cube with `planes` of the detector's size.
template <class T>
Plane<T> read_rows(io::FitsFile& file, const char* name, const DetectorRows& region, Account& account) {
  const auto& shape = file.info(name).shape;
  if (shape.size() != 2 && shape.size() != 3) {
    throw Error(ErrorCause::reference, fmt::format("{} has {} axes, not 2 or 3", name, shape.size()),
                {.file = file.path(), .hdu = name}, "Choose another flat");
  }
  const std::size_t planes = shape.size() == 3 ? shape[0] : 1;
  const std::size_t rows = shape[shape.size() - 2], columns = shape.back();
  if (region.first_row + region.rows > rows) {
    throw Error(ErrorCause::reference,
                fmt::format("{} has {} rows, the exposure needs rows {} to {}", name, rows, region.first_row + 1,
                            region.first_row + region.rows),
                {.file = file.path(), .hdu = name, .keyword = "NAXIS2"}, "Choose a flat of the full detector");
  }
  Plane<T> plane = make_unset_plane<T>(account, {planes, region.rows, columns}, fmt::format("reference flat {}", name));
  for (std::size_t n = 0; n < planes; ++n) {
    file.read(name, 1, (n * rows + region.first_row) * columns,
              std::span<T>(plane.data() + n * region.rows * columns, region.rows * columns));
  }
  return plane;
}

}  // namespace

std::size_t NirspecFlat::bytes() const {
  return reservation.bytes() + image.storage().bytes() + error.storage().bytes() + dq.storage().bytes();
}

const NirspecFlat::Curve& NirspecFlat::curve(const std::string& slit) const {
  const std::string wanted = lower(slit);
  for (const Curve& each : curves) {
    if (each.slit.empty() || each.slit == "any" || each.slit == wanted) return each;
  }
  throw Error(ErrorCause::reference, fmt::format("the flat has no fast variation of slit {} (nor of ANY)", slit),
              {.file = file, .hdu = kTable, .keyword = "slit_name"}, "Choose another flat");
}

NirspecFlat read_nirspec_flat(const std::string& path, const DetectorRows& region, Account& account) {
  io::FitsFile file = io::FitsFile::open(path, ErrorCause::reference);
  NirspecFlat flat;
  flat.file = path;
  flat.region = region;
  read_curves(file, flat);
  if (region.rows > 0 && file.has("SCI") && !file.info("SCI").shape.empty()) {
    flat.image = read_rows<float>(file, "SCI", region, account);
    if (file.has("DQ")) {
      flat.dq = read_rows<std::uint32_t>(file, "DQ", region, account);
      DqDefinitions::read(file).translate(std::span(flat.dq.data(), flat.dq.size()));
    }
    if (file.has("ERR")) flat.error = read_rows<float>(file, "ERR", region, account);
    if (file.info("SCI").shape.size() == 3) {
      for (const double wavelength : file.column_real("WAVELENGTH", 1, "wavelength")) {
        if (wavelength > 0.0) flat.image_wavelength.push_back(wavelength);
      }
      if (flat.image_wavelength.size() < flat.image.shape(0)) {
        throw Error(ErrorCause::reference, "the flat has fewer wavelengths than planes", {.file = path, .hdu = "WAVELENGTH"},
                    "Choose another flat");
      }
    }
  }
  std::size_t bytes = 0;
  for (const auto& curve : flat.curves) bytes += 3 * curve.flat.size() * sizeof(double);
  flat.reservation = Reservation(account, bytes, "reference flat curves");
  return flat;
}

}  // namespace spec2
