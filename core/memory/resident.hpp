#pragma once

#include <cstddef>

namespace spec2 {

/// Memory of this process as the system sees it, in bytes.
struct ProcessMemory {
  std::size_t resident = 0;
  std::size_t peak_resident = 0;
  std::size_t virtual_size = 0;
};

/// Read from /proc/self/status; zeros where the system has no such file.
ProcessMemory process_memory() noexcept;

/// Starts a new peak of the resident size (Linux: clear_refs); the peak stays as it was where that is not allowed.
void reset_peak_resident() noexcept;

/// Returns free heap pages to the system (glibc's malloc_trim).
void return_free_heap() noexcept;

}  // namespace spec2
