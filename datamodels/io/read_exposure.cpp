#include "datamodels/io/read_exposure.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

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

/// Whether the file has the plane. Throws Error(data) when it is of another form than a plane of this kind.
bool has_plane(const FitsFile& file, PlaneKind kind, const PlaneShape& whole) {
  const std::string_view name = extension_name(kind);
  if (!file.has(name) || file.info(name).shape.empty()) return false;
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
  return true;
}

template <class T>
Plane<T> read_part(FitsFile& file, PlaneKind kind, const Part& part, Account& account) {
  Plane<T> plane = make_unset_plane<T>(account, part.shape, purpose_of(kind));
  file.read(extension_name(kind), 1, part.first_value, std::span<T>(plane.data(), plane.size()));
  return plane;
}

template <class T>
void read_rows_of(FitsFile& file, PlaneKind kind, const PlaneShape& whole, std::size_t first_row, std::span<T> out) {
  if (has_plane(file, kind, whole)) file.read(extension_name(kind), 1, first_row * whole.columns, out);
  else std::ranges::fill(out, T{});
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

ExposureFile::ExposureFile(const std::filesystem::path& path)
    : file_(FitsFile::open(path)), shape_(plane_shape(file_, file_.info("SCI"))) {}

ExposureHeader ExposureFile::header() {
  ExposureHeader header;
  header.shape = shape_;
  header.kind = file_.info("SCI").shape.size() == 3 ? ModelKind::cube : ModelKind::image;
  header.meta = file_.header("PRIMARY");
  add_science_keywords(file_.header("SCI"), header.meta);
  if (file_.has("ERR")) {
    if (const auto unit = file_.header("ERR").find_text("BUNIT")) header.meta.set(kErrorUnit, *unit);
  }
  return header;
}

Exposure ExposureFile::exposure() {
  ExposureHeader header = this->header();
  Exposure exposure;
  exposure.kind = header.kind;
  exposure.data_axes = header.kind == ModelKind::cube ? 3 : 2;
  exposure.meta = std::move(header.meta);
  exposure.integration_times = integration_times();
  return exposure;
}

IntegrationTimes ExposureFile::integration_times() { return read_integration_times(file_); }

void ExposureFile::read_plane(Exposure& exposure, PlaneKind kind, Account& account, std::size_t first, std::size_t count) {
  const std::size_t begin = std::min(first, shape_.integrations);
  const Part part{{std::min(count, shape_.integrations - begin), shape_.rows, shape_.columns},
                  begin * shape_.rows * shape_.columns};
  const bool present = has_plane(file_, kind, shape_);
  if (kind == PlaneKind::dq) {
    exposure.planes.dq = present ? read_part<std::uint32_t>(file_, kind, part, account)
                                 : make_plane<std::uint32_t>(account, part.shape, "plane DQ");
  } else if (present) {
    exposure.planes.float_plane(kind) = read_part<float>(file_, kind, part, account);
  } else if (kind == PlaneKind::err) {
    exposure.planes.err = make_plane<float>(account, part.shape, "plane ERR");
  }
}

void ExposureFile::read_rows(PlaneKind kind, std::size_t first_row, std::span<float> out) {
  read_rows_of(file_, kind, shape_, first_row, out);
}
void ExposureFile::read_rows(PlaneKind kind, std::size_t first_row, std::span<std::uint32_t> out) {
  read_rows_of(file_, kind, shape_, first_row, out);
}

ExposureHeader read_header(const std::filesystem::path& path) { return ExposureFile(path).header(); }

struct ReadingAhead::State {
  std::vector<ExposureReading> readings;
  Account& account;
  std::vector<std::optional<ExposureFile>> files;
  // After what they refer to: they are dropped first.
  std::vector<WorkAhead> opened;
  std::vector<WorkAhead> planes;

  void open(std::size_t i) {
    ExposureFile& file = files[i].emplace(readings[i].path);
    if (readings[i].with_header) readings[i].exposure = file.exposure();
    else readings[i].exposure.integration_times = file.integration_times();
  }
  void read(std::size_t i, PlaneKind kind) {
    opened[i].finish();
    files[i]->read_plane(readings[i].exposure, kind, account, readings[i].first, readings[i].count);
  }
};

ReadingAhead::ReadingAhead(std::vector<ExposureReading> readings, Account& account, const Parallel& parallel)
    : state_(std::make_unique<State>(State{std::move(readings), account, {}, {}, {}})) {
  State* const state = state_.get();
  const std::size_t count = state->readings.size();
  state->files.resize(count);
  for (std::size_t i = 0; i < count; ++i) state->opened.push_back(parallel.ahead([state, i] { state->open(i); }));
  for (std::size_t i = 0; i < count; ++i) {
    for (const PlaneKind kind : state->readings[i].kinds) {
      state->planes.push_back(parallel.ahead([state, i, kind] { state->read(i, kind); }));
    }
  }
}

ReadingAhead::ReadingAhead(ReadingAhead&&) noexcept = default;
ReadingAhead& ReadingAhead::operator=(ReadingAhead&&) noexcept = default;
ReadingAhead::~ReadingAhead() = default;

void ReadingAhead::finish() {
  finish_all(state_->opened);
  finish_all(state_->planes);
  for (std::size_t i = 0; i < state_->readings.size(); ++i) {
    std::vector<ExposureFile>* const files = std::exchange(state_->readings[i].stays_open, nullptr);
    if (files) files->push_back(std::move(*state_->files[i]));
  }
}

void read_planes(const std::filesystem::path& path, Exposure& exposure, std::span<const PlaneKind> kinds, Account& account,
                 std::size_t first, std::size_t count) {
  ReadingAhead({{path, exposure, false, kinds, first, count}}, account, Parallel()).finish();
}

Exposure read_exposure(const std::filesystem::path& path, Account& account, std::span<const PlaneKind> kinds) {
  Exposure exposure;
  ReadingAhead({{path, exposure, true, kinds}}, account, Parallel()).finish();
  return exposure;
}

}  // namespace spec2::io
