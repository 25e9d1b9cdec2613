#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "core/memory/account.hpp"
#include "core/parallel.hpp"
#include "datamodels/exposure.hpp"
#include "datamodels/io/fits_file.hpp"

namespace spec2::io {

/// Header and sizes of a rate or rateints file, without its pixels.
struct ExposureHeader {
  Metadata meta;         ///< keywords of the primary and SCI headers
  ModelKind kind = ModelKind::image;  ///< image or cube, by the dimensions of SCI
  PlaneShape shape;      ///< of SCI; integrations is 1 for images
};

/// Reads the headers. Throws Error(data) when SCI is missing, empty, or has not 2 or 3 axes.
ExposureHeader read_header(const std::filesystem::path& path);

/// The planes of a rate file that a chain can ask for.
inline constexpr std::array kRatePlanes = {PlaneKind::sci,         PlaneKind::dq,         PlaneKind::err,
                                           PlaneKind::var_poisson, PlaneKind::var_rnoise, PlaneKind::var_flat};

/// A rate or rateints file open for reading.
class ExposureFile {
 public:
  /// Throws Error(data) when SCI is missing, empty, or has not 2 or 3 axes.
  explicit ExposureFile(const std::filesystem::path& path);

  ExposureHeader header();
  /// Header and times without planes.
  Exposure exposure();
  IntegrationTimes integration_times();

  /// Fills a plane of the exposure, when the file has it, with all integrations or `count` from `first` on. DQ and ERR that are
  /// missing become zeros, as the peer's models have them. Different planes can be read at the same time. Throws Error(data) when
  /// the plane has another shape than SCI or DQ is no integer, Error(budget) when the account cannot hold it.
  void read_plane(Exposure& exposure, PlaneKind kind, Account& account, std::size_t first = 0,
                  std::size_t count = static_cast<std::size_t>(-1));

  const PlaneShape& shape() const noexcept { return shape_; }
  /// Whole rows of a plane of an image, from `first_row` on; DQ as integers, the others as real numbers. Zeros when the file does
  /// not have the plane. By several threads at the same time. Throws Error(data) as above.
  void read_rows(PlaneKind kind, std::size_t first_row, std::span<float> out);
  void read_rows(PlaneKind kind, std::size_t first_row, std::span<std::uint32_t> out);

 private:
  FitsFile file_;
  PlaneShape shape_;
};

/// One of several files that are read together.
struct ExposureReading {
  std::filesystem::path path;
  Exposure& exposure;
  bool with_header = true;  ///< else planes and times of integrations only
  std::span<const PlaneKind> kinds = kRatePlanes;
  std::size_t first = 0;  ///< integration
  std::size_t count = static_cast<std::size_t>(-1);
  std::vector<ExposureFile>* stays_open = nullptr;  ///< takes the file at the end, in the order of the readings
};

/// Files that threads with nothing else to do begin to read, plane by plane and several at the same time. Nothing may look at the
/// exposures before `finish`; with one thread that is where all is read.
class ReadingAhead {
 public:
  ReadingAhead(std::vector<ExposureReading> readings, Account& account, const Parallel& parallel);
  ReadingAhead(ReadingAhead&&) noexcept;
  ReadingAhead& operator=(ReadingAhead&&) noexcept;
  ~ReadingAhead();

  /// Reads what is left; the first error in the order of the files is the one thrown.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Fills the planes of `kinds` one after the other as ExposureFile does, and the times of the integrations.
void read_planes(const std::filesystem::path& path, Exposure& exposure, std::span<const PlaneKind> kinds, Account& account,
                 std::size_t first = 0, std::size_t count = static_cast<std::size_t>(-1));

/// Header and planes of a rate file.
Exposure read_exposure(const std::filesystem::path& path, Account& account, std::span<const PlaneKind> kinds = kRatePlanes);

}  // namespace spec2::io
