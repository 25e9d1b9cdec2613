#include "core/memory/block_pool.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "core/error.hpp"
#include "core/memory/byte_text.hpp"

namespace spec2 {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t page_rounded(std::size_t bytes) { return (bytes + kPage - 1) / kPage * kPage; }

[[noreturn]] void refuse(std::size_t bytes) {
  throw Error(ErrorCause::system, fmt::format("the system has no memory for a block of {}", byte_text(bytes)), {},
              "Close other programs, or set --memory so that spec2 works in smaller tiles");
}

/// Fresh memory, every byte zero. A plane is filled in full: its pages are asked for at once rather than by a fault each, and
/// where whole huge pages fit, as such.
void* map_block(std::size_t bytes) {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS;
  if (bytes < kHugePage) {
    void* const block = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags | MAP_POPULATE, -1, 0);
    return block == MAP_FAILED ? nullptr : block;
  }
  void* const room = ::mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, kFlags, -1, 0);
  if (room == MAP_FAILED) return nullptr;
  auto* const first = static_cast<std::byte*>(room);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(first) % kHugePage) % kHugePage;
  if (before > 0) ::munmap(first, before);
  if (before < kHugePage) ::munmap(first + before + bytes, kHugePage - before);
  // A wish: without it the pages come one by one.
  ::madvise(first + before, bytes, MADV_HUGEPAGE);
  return first + before;
}

}  // namespace

BlockPool& BlockPool::process() {
  static BlockPool pool(std::size_t{64} << 20);
  return pool;
}

BlockPool::Taken BlockPool::take(std::size_t bytes) {
  if (bytes < kMappedFrom) {
    void* const block = std::aligned_alloc(kAlignment, (bytes + kAlignment) / kAlignment * kAlignment);
    if (!block) refuse(bytes);
    return {block, false};
  }
  const std::size_t wanted = page_rounded(bytes);
  {
    const std::lock_guard lock(lock_);
    FreeBlock* best = nullptr;
    for (FreeBlock& block : free_) {
      if (block.bytes >= wanted && (!best || block.bytes < best->bytes)) best = &block;
    }
    if (best) {
      // What is left of a larger block stays free: whole pages, which can be unmapped by themselves.
      void* const address = best->address;
      best->address += wanted;
      best->bytes -= wanted;
      if (best->bytes == 0) free_.erase(free_.begin() + (best - free_.data()));
      retained_ -= wanted;
      used_.fetch_add(wanted, std::memory_order_relaxed);
      return {address, false};
    }
  }
  void* const block = map_block(wanted);
  if (!block) refuse(bytes);
  used_.fetch_add(wanted, std::memory_order_relaxed);
  return {block, true};
}

void* BlockPool::allocate_zeroed(std::size_t bytes) {
  const Taken taken = take(bytes);
  if (!taken.is_zero) std::memset(taken.address, 0, bytes);
  return taken.address;
}

void BlockPool::free(void* block, std::size_t bytes) noexcept {
  if (!block) return;
  if (bytes < kMappedFrom) {
    std::free(block);
    return;
  }
  const std::size_t size = page_rounded(bytes);
  used_.fetch_sub(size, std::memory_order_relaxed);
  {
    const std::lock_guard lock(lock_);
    if (retained_ + size <= retain_limit_ && keep({static_cast<std::byte*>(block), size})) return;
  }
  ::munmap(block, size);
}

bool BlockPool::keep(FreeBlock block) noexcept {
  const auto after = std::ranges::lower_bound(free_, block.address, {}, &FreeBlock::address);
  const bool joins_before = after != free_.begin() && std::prev(after)->end() == block.address;
  const bool joins_after = after != free_.end() && block.end() == after->address;
  if (joins_before) {
    std::prev(after)->bytes += block.bytes + (joins_after ? after->bytes : 0);
    if (joins_after) free_.erase(after);
  } else if (joins_after) {
    *after = {block.address, block.bytes + after->bytes};
  } else {
    try {
      free_.insert(after, block);
    } catch (...) {
      return false;
    }
  }
  retained_ += block.bytes;
  return true;
}

void BlockPool::trim() noexcept {
  const std::lock_guard lock(lock_);
  for (const FreeBlock& block : free_) ::munmap(block.address, block.bytes);
  free_.clear();
  retained_ = 0;
}

std::size_t BlockPool::retained_bytes() const {
  const std::lock_guard lock(lock_);
  return retained_;
}

}  // namespace spec2
