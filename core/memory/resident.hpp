#pragma once

#include <cstddef>

namespace spec2 {

/// Memory of this process as the system sees it, in bytes.
struct ProcessMemory {
  std::size_t resident = 0;
  std::size_t peak_resident = 0;
  std::size_t virtual_size = 0;
  std::size_t peak_virtual = 0;  ///< since the process began
  std::size_t files = 0;         ///< resident pages of mapped files: the program and its libraries
  std::size_t shared = 0;        ///< resident pages of shared memory
  std::size_t anonymous = 0;     ///< resident pages of all else: heap, blocks, stacks
  std::size_t stack = 0;         ///< of the first thread
};

/// Read from /proc/self/status; zeros where the system has no such file.
ProcessMemory process_memory() noexcept;

/// Resident and virtual size alone, at a tenth of the cost; zeros where the system has no /proc/self/statm.
struct ProcessSize {
  std::size_t resident = 0;
  std::size_t virtual_size = 0;
};
ProcessSize process_size() noexcept;

/// The heap of the C library, that of all libraries together.
struct HeapUse {
  std::size_t used = 0;    ///< bytes that were asked for and not given back, mapped ones included
  std::size_t free = 0;    ///< given back and kept by the allocator; not all of it need be resident
};
HeapUse heap_use() noexcept;

/// Starts a new peak of the resident size (Linux: clear_refs); the peak stays as it was where that is not allowed.
void reset_peak_resident() noexcept;

/// Returns to the system what nobody uses: blocks that the pool keeps, and pages of the heap (glibc's malloc_trim).
void return_free_memory() noexcept;

}  // namespace spec2
