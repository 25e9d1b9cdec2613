#include "pipeline/memory_report/resident_parts.hpp"

#include <algorithm>
#include <numeric>

#include "core/memory/block_pool.hpp"
#include "core/memory/resident.hpp"

namespace spec2::pipeline {

std::string_view to_string(ResidentPart part) noexcept {
  switch (part) {
    case ResidentPart::blocks: return "blocks";
    case ResidentPart::small_blocks: return "small blocks";
    case ResidentPart::libraries: return "libraries";
    case ResidentPart::allocator_retained: return "retained by the allocator";
    case ResidentPart::pool_retained: return "retained by the pool";
    case ResidentPart::program: return "program";
    case ResidentPart::shared: return "shared memory";
    case ResidentPart::stack: return "stack";
    case ResidentPart::remainder: return "remainder";
    case ResidentPart::count_: break;
  }
  return "";
}

std::string_view meaning_of(ResidentPart part) noexcept {
  switch (part) {
    case ResidentPart::blocks: return "live: planes and tables in mapped blocks";
    case ResidentPart::small_blocks: return "live: charged blocks in the heap";
    case ResidentPart::libraries: return "held by libraries (CFITSIO, HDF5, YAML trees), headers, names";
    case ResidentPart::allocator_retained: return "freed, kept by the heap for later";
    case ResidentPart::pool_retained: return "freed, kept by the pool of blocks for later";
    case ResidentPart::program: return "pages of the program and its libraries";
    case ResidentPart::shared: return "shared memory";
    case ResidentPart::stack: return "stack of the first thread";
    case ResidentPart::remainder: return "data of libraries, other stacks; negative: blocks not written to yet";
    case ResidentPart::count_: break;
  }
  return "";
}

ResidentState resident_state(std::size_t live) {
  const ProcessMemory process = process_memory();
  const HeapUse heap = heap_use();
  const BlockPool& pool = BlockPool::process();
  const auto signed_size = [](std::size_t bytes) { return static_cast<std::int64_t>(bytes); };
  const auto above_zero = [](std::int64_t bytes) { return std::max<std::int64_t>(bytes, 0); };
  ResidentState state{.live = live, .resident = process.resident, .virtual_size = process.virtual_size};
  const auto set = [&state](ResidentPart part, std::int64_t bytes) { state.parts[static_cast<std::size_t>(part)] = bytes; };
  const std::int64_t blocks = signed_size(std::min(pool.used_bytes(), live)), small = signed_size(live) - blocks;
  const std::int64_t libraries = above_zero(signed_size(heap.used) - small);
  const std::int64_t retained = signed_size(pool.retained_bytes()), stack = signed_size(process.stack);
  // Of the free heap only what the system counts: pages given back to it are not resident.
  const std::int64_t rest = signed_size(process.anonymous) - blocks - small - libraries - retained - stack;
  set(ResidentPart::blocks, blocks);
  set(ResidentPart::small_blocks, small);
  set(ResidentPart::libraries, libraries);
  set(ResidentPart::allocator_retained, std::min(above_zero(rest), signed_size(heap.free)));
  set(ResidentPart::pool_retained, retained);
  set(ResidentPart::program, signed_size(process.files));
  set(ResidentPart::shared, signed_size(process.shared));
  set(ResidentPart::stack, stack);
  set(ResidentPart::remainder,
      signed_size(process.resident) - std::accumulate(state.parts.begin(), state.parts.end() - 1, std::int64_t{0}));
  return state;
}

}  // namespace spec2::pipeline
