#pragma once

#include <array>
#include <filesystem>
#include <span>

#include "core/memory/account.hpp"
#include "datamodels/exposure.hpp"

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

/// Fills `exposure.planes` with the planes of `kinds` that the file has, all integrations or `count` from `first` on, and
/// its table of integration times. DQ and ERR that are missing become zeros, as the peer's models have them. Throws
/// Error(data) when a plane has another shape than SCI or DQ is no integer, Error(budget) when the account cannot hold it.
void read_planes(const std::filesystem::path& path, Exposure& exposure, std::span<const PlaneKind> kinds, Account& account,
                 std::size_t first = 0, std::size_t count = static_cast<std::size_t>(-1));

/// Header and planes of a rate file.
Exposure read_exposure(const std::filesystem::path& path, Account& account, std::span<const PlaneKind> kinds = kRatePlanes);

}  // namespace spec2::io
