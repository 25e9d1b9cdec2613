#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spec2::pipeline {

/// What the resident memory of the process is made of; the parts add up to it.
enum class ResidentPart {
  blocks,              ///< charged to accounts, in blocks mapped for them
  small_blocks,        ///< charged to accounts, in the heap
  libraries,           ///< in the heap and on no account: what CFITSIO, HDF5 and the YAML trees hold, headers, names
  allocator_retained,  ///< given back to the heap, which keeps it for later
  pool_retained,       ///< mapped blocks given back, kept for later ones
  program,             ///< pages of the program and its libraries
  shared,              ///< shared memory
  stack,               ///< of the first thread
  remainder,           ///< data of libraries, stacks of other threads; negative while a block has pages that were never written
  count_
};
inline constexpr std::size_t kResidentParts = static_cast<std::size_t>(ResidentPart::count_);

/// "blocks", "small blocks", ...: as they stand in reports.
std::string_view to_string(ResidentPart part) noexcept;
/// A line that says what it is.
std::string_view meaning_of(ResidentPart part) noexcept;

/// The memory of the process at one moment.
struct ResidentState {
  std::size_t live = 0;          ///< bytes on the accounts
  std::size_t resident = 0;
  std::size_t virtual_size = 0;
  std::array<std::int64_t, kResidentParts> parts{};  ///< add up to `resident`
  std::int64_t part(ResidentPart which) const { return parts[static_cast<std::size_t>(which)]; }
};

/// Asks the system, the heap and the pool of blocks; `live` are the bytes on the accounts. Some 50 microseconds.
ResidentState resident_state(std::size_t live);

}  // namespace spec2::pipeline
