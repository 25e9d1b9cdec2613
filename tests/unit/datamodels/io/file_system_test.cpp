#include "datamodels/io/file_system.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/datamodels/io/scratch_folder.hpp"

namespace spec2::io {
namespace {

namespace fs = std::filesystem;

std::set<std::string> names(const fs::path& folder) {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.insert(entry.path().filename().string());
  return found;
}

TEST(FileSystem, TemporaryNamesAreHiddenAndDiffer) {
  const fs::path first = temporary_name("out/a_cal.fits"), second = temporary_name("out/a_cal.fits");
  EXPECT_NE(first, second);
  EXPECT_EQ(first.parent_path(), "out");
  EXPECT_THAT(first.filename().string(), ::testing::MatchesRegex("\\.a_cal\\.fits\\.[0-9]+-[0-9a-f]{16}\\.part"));
}

TEST(FileSystem, OnlyFilesOfEndedProcessesAreAbandoned) {
  const test::ScratchFolder folder;
  FileSystem& files = FileSystem::system();
  const fs::path alive = temporary_name(folder / "alive.fits");
  int handle = -1;
  ASSERT_EQ(files.create(alive, handle), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    int of_child = -1;
    files.create(temporary_name(folder / "killed.fits"), of_child);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const std::set<std::string> others = {".of_another_program.part", ".x.12-0123456789abcdeg.part", ".x-0123456789abcdef.part",
                                        "x.12-0123456789abcdef.part", ".x.12-01234567.part"};
  for (const std::string& name : others) std::ofstream(folder / name) << "x";
  ASSERT_EQ(names(folder.path()).size(), 2 + others.size());

  EXPECT_EQ(remove_abandoned(folder.path()), 1u);
  std::set<std::string> left = others;
  left.insert(alive.filename().string());
  EXPECT_EQ(names(folder.path()), left);
  files.close(handle);
  EXPECT_EQ(remove_abandoned(folder.path()), 1u);
  EXPECT_EQ(names(folder.path()), others);
  EXPECT_EQ(remove_abandoned(folder / "not_there"), 0u);
}

TEST(FileSystem, FilesOfOtherMachinesStayForADay) {
  const test::ScratchFolder folder;
  const std::string fresh = ".a_cal.fits.12-0000000001234567.part", old = ".b_cal.fits.12-0000000001234567.part";
  for (const std::string& name : {fresh, old}) std::ofstream(folder / name) << "x";
  fs::last_write_time(folder / old, fs::file_time_type::clock::now() - std::chrono::hours(25));
  EXPECT_EQ(remove_abandoned(folder.path()), 1u);
  EXPECT_EQ(names(folder.path()), std::set<std::string>{fresh});
  EXPECT_EQ(remove_left_by(folder.path(), 13, "00000000"), 0u);
  EXPECT_EQ(remove_left_by(folder.path(), 12, "00000001"), 0u);
  EXPECT_EQ(remove_left_by(folder.path(), 12, "00000000"), 1u);
}

}  // namespace
}  // namespace spec2::io
