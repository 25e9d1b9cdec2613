#include "core/memory/resident.hpp"

#include <malloc.h>

#include <cstdio>
#include <cstring>

namespace spec2 {

ProcessMemory process_memory() noexcept {
  ProcessMemory memory;
  std::FILE* const file = std::fopen("/proc/self/status", "re");
  if (!file) return memory;
  char line[256];
  while (std::fgets(line, sizeof line, file)) {
    unsigned long kib = 0;
    if (std::sscanf(line, "VmRSS: %lu kB", &kib) == 1) memory.resident = kib * 1024;
    if (std::sscanf(line, "VmHWM: %lu kB", &kib) == 1) memory.peak_resident = kib * 1024;
    if (std::sscanf(line, "VmSize: %lu kB", &kib) == 1) memory.virtual_size = kib * 1024;
  }
  std::fclose(file);
  return memory;
}

void reset_peak_resident() noexcept {
  if (std::FILE* const file = std::fopen("/proc/self/clear_refs", "we")) {
    std::fputs("5", file);
    std::fclose(file);
  }
}

void return_free_heap() noexcept { ::malloc_trim(0); }

}  // namespace spec2
