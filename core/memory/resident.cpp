#include "core/memory/resident.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/memory/block_pool.hpp"

namespace spec2 {
namespace {

struct Line {
  const char* name;
  std::size_t ProcessMemory::*member;
};
constexpr Line kLines[] = {{"VmRSS:", &ProcessMemory::resident},         {"VmHWM:", &ProcessMemory::peak_resident},
                           {"VmSize:", &ProcessMemory::virtual_size},    {"VmPeak:", &ProcessMemory::peak_virtual},
                           {"RssFile:", &ProcessMemory::files},          {"RssShmem:", &ProcessMemory::shared},
                           {"RssAnon:", &ProcessMemory::anonymous},      {"VmStk:", &ProcessMemory::stack}};

}  // namespace

ProcessMemory process_memory() noexcept {
  ProcessMemory memory;
  std::FILE* const file = std::fopen("/proc/self/status", "re");
  if (!file) return memory;
  char line[256];
  while (std::fgets(line, sizeof line, file)) {
    for (const auto& [name, member] : kLines) {
      const std::size_t length = std::strlen(name);
      if (std::strncmp(line, name, length) == 0) memory.*member = std::strtoul(line + length, nullptr, 10) * 1024;
    }
  }
  std::fclose(file);
  return memory;
}

ProcessSize process_size() noexcept {
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  char text[128];
  const ssize_t length = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (length <= 0) return {};
  text[length] = '\0';
  char* rest = nullptr;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t all = std::strtoul(text, &rest, 10) * page;
  return {std::strtoul(rest, nullptr, 10) * page, all};
}

HeapUse heap_use() noexcept {
  const struct mallinfo2 heap = ::mallinfo2();
  return {heap.uordblks + heap.hblkhd, heap.fordblks};
}

void reset_peak_resident() noexcept {
  if (std::FILE* const file = std::fopen("/proc/self/clear_refs", "we")) {
    std::fputs("5", file);
    std::fclose(file);
  }
}

void return_free_memory() noexcept {
  BlockPool::process().trim();
  ::malloc_trim(0);
}

}  // namespace spec2
