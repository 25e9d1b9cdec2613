// Locks between processes, with and without locks of the system.
#include "pipeline/runner/folder_lock.hpp"

#include <dlfcn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "pipeline/runner/run_mark.hpp"
#include "pipeline/runner/run_record.hpp"

namespace {
bool has_system_locks = true;
}

/// In the place of that of the C library: as on NFS, where a folder cannot be locked, or on a disk whose locks others do not see.
extern "C" int flock(int handle, int operation) {
  if (!has_system_locks) {
    errno = EBADF;
    return -1;
  }
  static const auto real = reinterpret_cast<int (*)(int, int)>(::dlsym(RTLD_NEXT, "flock"));
  return real(handle, operation);
}

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

class FolderLocks : public ::testing::TestWithParam<bool> {
 protected:
  FolderLocks() {
    char name[] = "/tmp/spec2_lock_XXXXXX";
    folder_ = ::mkdtemp(name);
    has_system_locks = GetParam();
  }
  ~FolderLocks() override {
    has_system_locks = true;
    fs::remove_all(folder_);
  }
  fs::path lock() const { return folder_ / FolderLock::kFileName; }

  fs::path folder_;
};

INSTANTIATE_TEST_SUITE_P(SystemLocks, FolderLocks, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "With" : "Without"; });

TEST_P(FolderLocks, SeveralProcessesKeepAllProducts) {
  constexpr int kProcesses = 6, kProducts = 15;
  std::vector<pid_t> children;
  for (int number = 0; number < kProcesses; ++number) {
    children.push_back(::fork());
    if (children.back() != 0) continue;
    RunRecord record(folder_, {}, Log());
    for (int i = 0; i < kProducts; ++i) {
      ProductRecord product;
      product.name = std::to_string(number) + "_" + std::to_string(i);
      product.status = "done";
      record.put(product, static_cast<std::size_t>(kProducts - 1 - i));
    }
    ::_exit(0);
  }
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  int found = 0;
  for_each_product(folder_, [&](const ProductRecord&) { ++found; });
  EXPECT_EQ(found, kProcesses * kProducts);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing but the record";
}

TEST_P(FolderLocks, AKilledHolderIsNoticed) {
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock held(folder_);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  ASSERT_TRUE(fs::exists(lock()));
  const auto begin = std::chrono::steady_clock::now();
  { const FolderLock next(folder_); }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_FALSE(fs::exists(lock()));
}

TEST_P(FolderLocks, WhatAKilledHolderLeftIsRemoved) {
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock held(folder_);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  FolderLock::remove_abandoned(folder_);
  EXPECT_FALSE(fs::exists(lock()));
  const FolderLock held(folder_);
  FolderLock::remove_abandoned(folder_);
  EXPECT_TRUE(fs::exists(lock())) << "its holder lives";
}

TEST_P(FolderLocks, OfAnotherMachineUntilItWasSilentForLong) {
  std::ofstream(lock()) << "elsewhere|boot|12|34|x";
  const auto begin = std::chrono::steady_clock::now();
  { const FolderLock next(folder_, std::chrono::milliseconds(300)); }
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(300));
  EXPECT_FALSE(fs::exists(lock()));
}

TEST_P(FolderLocks, GivenBackByAnotherMachineInTime) {
  std::ofstream(lock()) << "elsewhere|boot|12|34|x";
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    fs::remove(lock());
  });
  const auto begin = std::chrono::steady_clock::now();
  { const FolderLock next(folder_); }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  other.join();
}

TEST_P(FolderLocks, AFolderThatCannotBeWrittenDoesNotWait) { const FolderLock lock(folder_ / "not_there"); }

TEST(RunMarks, SayWhatIsAtWork) {
  char name[] = "/tmp/spec2_mark_XXXXXX";
  const fs::path folder = ::mkdtemp(name);
  {
    const RunMark run(folder, MarkedWork::Kind::run, {"a", "b \"c\""}, "1/0/2");
    const RunMark product(folder, MarkedWork::Kind::product, {"a"}, "1/0/2");
    std::ofstream(folder / ".spec2_run_mark.1-0000000000000000.part") << "{\"products\":";
    const auto marks = find_marks(folder);
    ASSERT_EQ(marks.size(), 2u);
    const MarkedWork& work = marks[marks[0].work.kind == MarkedWork::Kind::run ? 0 : 1].work;
    EXPECT_EQ(work.products, (std::vector<std::string>{"a", "b \"c\""}));
    EXPECT_EQ(work.task, "1/0/2");
    EXPECT_EQ(work.process, ProcessIdentity::own());
    fs::remove(folder / ".spec2_run_mark.1-0000000000000000.part");
  }
  EXPECT_TRUE(fs::is_empty(folder));
  const RunMark nowhere(folder / "not_there", MarkedWork::Kind::run, {}, "");
  fs::remove_all(folder);
}

TEST(RunMarks, OfTasksThatEndedAreRemovedWithTheirFiles) {
  char name[] = "/tmp/spec2_mark_XXXXXX";
  const fs::path folder = ::mkdtemp(name);
  const std::string left = ".spec2_product_mark.12-0123456701234567.part", product = ".a_cal.fits.12-0123456711111111.part";
  const std::string other = ".a_cal.fits.13-0123456711111111.part";
  std::ofstream(folder / left) << R"({"products":["a"],"started":"","task":"1/0/2","host":"n7","numbering":"x","process":12,)"
                               << R"("start_ticks":1,"machine":"01234567"})";
  std::ofstream(folder / product) << "x";
  std::ofstream(folder / other) << "x";
  const std::vector<std::string> others = {"1/0/1", ""}, task = {"1/0/2"};
  remove_left_by_tasks(folder, others);
  EXPECT_TRUE(fs::exists(folder / product));
  remove_left_by_tasks(folder, task);
  EXPECT_FALSE(fs::exists(folder / left));
  EXPECT_FALSE(fs::exists(folder / product));
  EXPECT_TRUE(fs::exists(folder / other));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace spec2::pipeline
