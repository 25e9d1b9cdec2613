#include "core/memory/buffer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <type_traits>

#include "core/error.hpp"
#include "core/memory/block_pool.hpp"

namespace spec2 {
namespace {

static_assert(!std::is_copy_constructible_v<Buffer<float>> && !std::is_copy_assignable_v<Buffer<float>>);
static_assert(std::is_nothrow_move_constructible_v<Buffer<float>> && std::is_nothrow_move_assignable_v<Buffer<float>>);

TEST(Buffer, TheChargeFollowsTheBlock) {
  Account run("run");
  {
    Buffer<float> first(run, 1000, "plane SCI");
    EXPECT_EQ(run.live_bytes(), 4000u);
    for (const float value : first) EXPECT_EQ(value, 0.0f);
    Buffer<float> second = std::move(first);
    EXPECT_TRUE(first.empty());
    EXPECT_EQ(run.live_bytes(), 4000u);
    second = Buffer<float>(run, 10, "plane ERR");
    EXPECT_EQ(run.live_bytes(), 40u);
  }
  EXPECT_EQ(run.live_bytes(), 0u);
}

TEST(Buffer, ARequestOverTheLimitThrowsBeforeAllocating) {
  Account run("run", 1 << 20);
  EXPECT_THROW(Buffer<float>(run, std::size_t{1} << 40, "plane SCI"), Error);
  EXPECT_THROW(Buffer<double>(run, std::size_t{1} << 62, "plane SCI"), Error);
  EXPECT_EQ(run.live_bytes(), 0u);
}

TEST(Buffer, OneWithoutAnAccountCannotGrow) {
  Buffer<float> buffer;
  EXPECT_THROW(buffer.resize(10), Error);
}

TEST(BlockPool, FreedBlocksAreReusedAndTrimmed) {
  BlockPool pool(1 << 20);
  void* const first = pool.allocate(200000);
  pool.free(first, 200000);
  EXPECT_GE(pool.retained_bytes(), 200000u);
  EXPECT_EQ(pool.allocate(200000), first);
  pool.free(first, 200000);
  pool.trim();
  EXPECT_EQ(pool.retained_bytes(), 0u);
}

TEST(BlockPool, SmallerBlocksAreCutFromFreeLargerOnes) {
  BlockPool pool(1 << 20);
  constexpr std::size_t kPage = 4096;
  void* const large = pool.allocate(100 * kPage);
  pool.free(large, 100 * kPage);
  void* const first = pool.allocate(40 * kPage);
  void* const second = pool.allocate(60 * kPage);
  EXPECT_EQ(first, large);
  EXPECT_EQ(second, static_cast<std::byte*>(large) + 40 * kPage);
  EXPECT_EQ(pool.retained_bytes(), 0u);
  pool.free(first, 40 * kPage);
  pool.free(second, 60 * kPage);
  EXPECT_EQ(pool.retained_bytes(), 100 * kPage);
}

TEST(BlockPool, FreedNeighboursAreOneBlock) {
  constexpr std::size_t kPage = 4096;
  for (const std::array<std::size_t, 3>& order : {std::array<std::size_t, 3>{0, 1, 2}, {2, 1, 0}, {0, 2, 1}, {1, 0, 2}}) {
    BlockPool pool(1 << 20);
    void* const large = pool.allocate(90 * kPage);
    pool.free(large, 90 * kPage);
    std::array<void*, 3> parts{};
    for (void*& part : parts) part = pool.allocate(30 * kPage);
    for (const std::size_t i : order) pool.free(parts[i], 30 * kPage);
    EXPECT_EQ(pool.retained_bytes(), 90 * kPage);
    EXPECT_EQ(pool.allocate(90 * kPage), large);
    EXPECT_EQ(pool.retained_bytes(), 0u);
    pool.free(large, 90 * kPage);
  }
}

TEST(BlockPool, KeepsNoMoreThanItsBound) {
  BlockPool pool(300000);
  void* const a = pool.allocate(200000);
  void* const b = pool.allocate(200000);
  pool.free(a, 200000);
  pool.free(b, 200000);
  EXPECT_LE(pool.retained_bytes(), 300000u);
}

}  // namespace
}  // namespace spec2
