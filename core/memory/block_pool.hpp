#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

namespace spec2 {

/// Memory for large blocks, mapped straight from the system so that freed blocks do not linger in the heap's free lists.
/// Freed blocks are kept for reuse up to `retain_limit` bytes, neighbours as one; the smallest that is large enough serves a
/// new one, and what is left of it stays free. `trim()` gives all of them back (done between exposures).
/// Small blocks (below kMappedFrom) come from the heap. One pool serves the process; it holds no data, only free pages.
class BlockPool {
 public:
  static constexpr std::size_t kMappedFrom = std::size_t{64} * 1024;
  static constexpr std::size_t kAlignment = 64;

  explicit BlockPool(std::size_t retain_limit_bytes) : retain_limit_(retain_limit_bytes) {}
  ~BlockPool() { trim(); }
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  /// The pool that all Buffers use.
  static BlockPool& process();

  /// Memory of at least `bytes`, aligned to kAlignment, not initialised. Throws Error(system) when there is none.
  void* allocate(std::size_t bytes) { return take(bytes).address; }
  /// As above, every byte zero; pages fresh from the system are so without being written again.
  void* allocate_zeroed(std::size_t bytes);
  void free(void* block, std::size_t bytes) noexcept;

  /// Returns every retained block to the system.
  void trim() noexcept;
  /// Free blocks that are kept for reuse.
  std::size_t retained_bytes() const;
  /// Blocks that are in use, in whole pages; those that come from the heap not among them.
  std::size_t used_bytes() const noexcept { return used_.load(std::memory_order_relaxed); }

 private:
  struct FreeBlock {
    std::byte* address;
    std::size_t bytes;
    std::byte* end() const noexcept { return address + bytes; }
  };
  struct Taken {
    void* address;
    bool is_zero;
  };
  Taken take(std::size_t bytes);
  /// False when there is no memory for the entry.
  bool keep(FreeBlock block) noexcept;

  std::size_t retain_limit_;
  mutable std::mutex lock_;
  std::vector<FreeBlock> free_;  ///< in order of addresses; neighbours are one block
  std::size_t retained_ = 0;
  std::atomic<std::size_t> used_{0};
};

}  // namespace spec2
