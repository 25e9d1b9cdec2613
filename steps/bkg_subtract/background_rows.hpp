#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/memory/buffer.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "steps/bkg_subtract/mean_background.hpp"

namespace spec2::bkg_subtract {

/// A background member: its part under the science image, and the planes themselves or the file with them.
struct BackgroundMember {
  BackgroundImage image;
  io::ExposureFile* file = nullptr;  ///< null when `image` has its planes
};

/// Rows of the backgrounds that a thread holds while it works on some rows of the science image. Members without planes are
/// read a few rows at a time, so that any number of them takes little memory.
class BackgroundRows {
 public:
  /// Rows that are best held at a time, of `members` files of so many columns.
  static std::size_t rows_at_once(std::size_t members, std::size_t columns);
  static std::size_t bytes(std::size_t members, std::size_t columns) {
    return rows_at_once(members, columns) * members * columns * kPixelBytes;
  }

  /// Room for `rows` rows at a time, charged to the account.
  BackgroundRows(std::span<const BackgroundMember> members, std::size_t rows, Account& account);

  /// The backgrounds with rows [first, last) of the science image. Throws Error(data) when a file cannot be read.
  std::span<const BackgroundImage> hold(std::size_t first, std::size_t last);

 private:
  static constexpr std::size_t kPixelBytes = 2 * sizeof(float) + sizeof(std::uint32_t);

  std::span<const BackgroundMember> members_;
  std::vector<BackgroundImage> images_;
  Buffer<float> values_;
  Buffer<std::uint32_t> flags_;
};

}  // namespace spec2::bkg_subtract
