#include "core/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
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

TEST(WorkAhead, IsDoneOnceBeforeFinishReturnsWithAnyNumberOfThreads) {
  for (const std::size_t threads : {1u, 2u, 5u}) {
    const Parallel parallel(threads);
    std::vector<int> seen(200, 0);
    std::vector<WorkAhead> work;
    for (std::size_t i = 0; i < seen.size(); ++i) work.push_back(parallel.ahead([&seen, i] { ++seen[i]; }));
    std::vector<int> pieces(50, 0);
    parallel.for_each(pieces.size(), [&](std::size_t i) { ++pieces[i]; });  // other work goes on meanwhile
    finish_all(work);
    EXPECT_EQ(seen, std::vector<int>(200, 1));
    EXPECT_EQ(pieces, std::vector<int>(50, 1));
  }
}

#if !defined(__SANITIZE_THREAD__)  // whose pool has a thread for each
TEST(WorkAhead, WhatIsWantedSomeTimeMakesRoom) {
  const Parallel parallel(2);
  std::atomic<bool> is_begun = false, may_end = false;
  std::atomic<std::size_t> done = 0;
  std::string order(40, ' ');
  std::vector<WorkAhead> work;
  work.push_back(parallel.ahead(
      [&] {
        is_begun = true;
        while (!may_end) std::this_thread::yield();
      },
      Parallel::Wanted::some_time));
  while (!is_begun) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) {
    work.push_back(parallel.ahead([&] { order[done++] = 't'; }, Parallel::Wanted::some_time));
    work.push_back(parallel.ahead([&] { order[done++] = 's'; }));
  }
  may_end = true;
  while (done < order.size()) std::this_thread::yield();  // the other thread does it all
  EXPECT_EQ(order, std::string(20, 's') + std::string(20, 't'));
}
#endif

TEST(WorkAhead, WithOneThreadItIsDoneByFinish) {
  const Parallel parallel(1);
  bool is_done = false;
  const WorkAhead work = parallel.ahead([&] { is_done = true; });
  EXPECT_FALSE(is_done);
  work.finish();
  EXPECT_TRUE(is_done);
}

TEST(WorkAhead, OneThatWaitsForAnotherIsNoTrap) {
  for (const std::size_t threads : {1u, 2u}) {
    const Parallel parallel(threads);
    int opened = 0, read = 0;
    const WorkAhead open = parallel.ahead([&] { opened = 1; });
    const WorkAhead reading = parallel.ahead([&] {
      open.finish();
      read = opened;
    });
    reading.finish();
    EXPECT_EQ(read, 1);
  }
}

TEST(WorkAhead, TheFirstErrorIsThrownEachTimeAndTheRestIsDropped) {
  for (const std::size_t threads : {1u, 3u}) {
    const Parallel parallel(threads);
    std::vector<WorkAhead> work;
    for (int i = 0; i < 20; ++i) {
      work.push_back(parallel.ahead([i] {
        if (i % 7 == 3) throw std::runtime_error(std::to_string(i));
      }));
    }
    for (int attempt = 0; attempt < 2; ++attempt) {
      try {
        finish_all(work);
        FAIL();
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "3");
      }
    }
  }
}

TEST(WorkAhead, DroppedItIsDoneInFullOrNotAtAll) {
  for (const std::size_t threads : {1u, 2u}) {
    const Parallel parallel(threads);
    std::atomic<int> begun = 0, done = 0;
    for (int i = 0; i < 100; ++i) {
      const WorkAhead dropped = parallel.ahead([&] {
        ++begun;
        ++done;
      });
    }
    EXPECT_EQ(begun, done);
    if (threads == 1) {
      EXPECT_EQ(begun, 0);
    }
  }
}

}  // namespace
}  // namespace spec2
