#include "datamodels/io/read_exposure.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "datamodels/io/fits_file.hpp"
#include "datamodels/schema/keyword_table.hpp"

namespace spec2::io {
namespace {

PlaneShape plane_shape(const FitsFile& file, const HduInfo& info) {
  const auto& axes = info.shape;
  if (axes.size() != 2 && axes.size() != 3) {
    throw Error(ErrorCause::data, fmt::format("the image has {} axes; 2 or 3 are needed", axes.size()),
                {.file = file.path(), .hdu = info.name + ",1", .keyword = "NAXIS"}, "Give a rate or rateints file");
  }
  const PlaneShape shape{axes.size() == 3 ? axes[0] : 1, axes[axes.size() - 2], axes[axes.size() - 1]};
  if (shape.size() == 0) {
    throw Error(ErrorCause::data, "the image has no pixels", {.file = file.path(), .hdu = info.name + ",1", .keyword = "NAXIS"},
                "Give a rate or rateints file with data");
  }
  return shape;
}

/// The part of a plane that is read: whole images of some integrations.
struct Part {
  PlaneShape shape;
  std::size_t first_value;
};

template <class T>
Plane<T> read_plane(FitsFile& file, PlaneKind kind, const PlaneShape& whole, const Part& part, Account& account) {
  const std::string_view name = extension_name(kind);
  const HduInfo& info = file.info(name);
  if (plane_shape(file, info) != whole) {
    throw Error(ErrorCause::data, fmt::format("plane {} has another shape than SCI", name),
                {.file = file.path(), .hdu = fmt::format("{},1", name), .keyword = "NAXIS"}, "Check the file");
  }
  if (kind == PlaneKind::dq && info.is_float) {
    throw Error(ErrorCause::data, "the flags of the DQ plane are real numbers",
                {.file = file.path(), .hdu = "DQ,1", .keyword = "BITPIX"},
                "Flags are integers of 32 bits; write the file again with them");
  }
  if (info.type != HduType::image) {
    throw Error(ErrorCause::data, fmt::format("{} is a table and no image", name),
                {.file = file.path(), .hdu = fmt::format("{},1", name), .keyword = "XTENSION"}, "Give a rate or rateints file");
  }
  Plane<T> plane = make_unset_plane<T>(account, part.shape, name);
  file.read(name, 1, part.first_value, std::span<T>(plane.data(), plane.size()));
  return plane;
}

IntegrationTimes read_integration_times(FitsFile& file) {
  IntegrationTimes times;
  if (!file.has("INT_TIMES")) return times;
  for (const std::int64_t number : file.column_integer("INT_TIMES", 1, "integration_number")) {
    times.number.push_back(static_cast<std::int32_t>(number));
  }
  for (std::size_t i = 0; i < times.days.size(); ++i) {
    times.days[i] = file.column_real("INT_TIMES", 1, IntegrationTimes::kColumns[i]);
  }
  return times;
}

/// Keywords of the SCI header that are in a schema; others say nothing of the exposure.
void add_science_keywords(const Metadata& sci, Metadata& meta) {
  for (const Metadata::Entry& entry : sci.entries()) {
    if (find_keyword(entry.keyword, HeaderPlace::sci)) meta.set(entry.keyword, entry.value);
  }
}

}  // namespace

ExposureHeader read_header(const std::filesystem::path& path) {
  FitsFile file = FitsFile::open(path);
  ExposureHeader header;
  const HduInfo& sci = file.info("SCI");
  header.shape = plane_shape(file, sci);
  header.kind = sci.shape.size() == 3 ? ModelKind::cube : ModelKind::image;
  header.meta = file.header("PRIMARY");
  add_science_keywords(file.header("SCI"), header.meta);
  if (file.has("ERR")) {
    if (const auto unit = file.header("ERR").find_text("BUNIT")) header.meta.set(kErrorUnit, *unit);
  }
  return header;
}

void read_planes(const std::filesystem::path& path, Exposure& exposure, std::span<const PlaneKind> kinds, Account& account,
                 std::size_t first, std::size_t count) {
  FitsFile file = FitsFile::open(path);
  const PlaneShape whole = plane_shape(file, file.info("SCI"));
  exposure.integration_times = read_integration_times(file);
  const std::size_t begin = std::min(first, whole.integrations);
  const Part part{{std::min(count, whole.integrations - begin), whole.rows, whole.columns}, begin * whole.rows * whole.columns};
  for (const PlaneKind kind : kinds) {
    const bool present = file.has(extension_name(kind)) && !file.info(extension_name(kind)).shape.empty();
    if (kind == PlaneKind::dq) {
      exposure.planes.dq = present ? read_plane<std::uint32_t>(file, kind, whole, part, account)
                                   : make_plane<std::uint32_t>(account, part.shape, "DQ");
    } else if (present) {
      exposure.planes.float_plane(kind) = read_plane<float>(file, kind, whole, part, account);
    } else if (kind == PlaneKind::err) {
      exposure.planes.err = make_plane<float>(account, part.shape, "ERR");
    }
  }
}

Exposure read_exposure(const std::filesystem::path& path, Account& account, std::span<const PlaneKind> kinds) {
  ExposureHeader header = read_header(path);
  Exposure exposure;
  exposure.kind = header.kind;
  exposure.data_axes = header.kind == ModelKind::cube ? 3 : 2;
  exposure.meta = std::move(header.meta);
  read_planes(path, exposure, kinds, account);
  return exposure;
}

}  // namespace spec2::io
