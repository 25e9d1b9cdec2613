#include "pipeline/batch/child_process.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spec2::pipeline::batch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ChildProcesses, OutputErrorsAndCode) {
  const auto result = run_child({"sh", "-c", "echo out; echo err >&2; exit 7"}, seconds(10));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 7);
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(result->errors, "err\n");
  EXPECT_EQ(run_child({"sh", "-c", "kill -9 $$"}, seconds(10))->exit_code, 137);
  EXPECT_EQ(run_child({"pwd"}, seconds(10), "/usr")->output, "/usr\n");
}

TEST(ChildProcesses, MuchOutputOnBothStreams) {
  const auto result = run_child({"sh", "-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"}, seconds(20));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output.size(), 300000u);
  EXPECT_EQ(result->errors.size(), 300000u);
}

TEST(ChildProcesses, OneThatIsMissingOrDoesNotEnd) {
  EXPECT_FALSE(run_child({"there_is_no_such_program"}, seconds(10)));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(run_child({"sleep", "60"}, milliseconds(200)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));
}

TEST(ChildProcesses, TheJobWeAreInIsNotInherited) {
  ::setenv("SLURM_JOB_ID", "5", 1);
  ::setenv("SLURM_CONF", "/etc/own.conf", 1);
  const auto result = run_child({"sh", "-c", "echo ${SLURM_JOB_ID:-none} $SLURM_CONF"}, seconds(10));
  ::unsetenv("SLURM_JOB_ID");
  ::unsetenv("SLURM_CONF");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "none /etc/own.conf\n");
}

}  // namespace
}  // namespace spec2::pipeline::batch
