#include "core/parallel.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace spec2 {
namespace {

TEST(Parallel, EveryPieceRunsOnceWithAnyNumberOfThreads) {
  for (const std::size_t threads : {1u, 2u, 5u}) {
    const Parallel parallel(threads);
    std::vector<int> seen(1000, 0);
    parallel.for_each(seen.size(), [&](std::size_t i) { ++seen[i]; });
    EXPECT_EQ(seen, std::vector<int>(1000, 1));
    parallel.for_blocks(1000, 37, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++seen[i];
    });
    EXPECT_EQ(seen, std::vector<int>(1000, 2));
  }
}

TEST(Parallel, TheErrorOfTheLowestPieceIsThrown) {
  const Parallel parallel(4);
  try {
    parallel.for_each(100, [](std::size_t i) {
      if (i % 10 == 3) throw std::runtime_error(std::to_string(i));
    });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "3");
  }
}

}  // namespace
}  // namespace spec2
