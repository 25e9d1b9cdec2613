#include "pipeline/batch/slurm.hpp"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/batch/child_process.hpp"
#include "tests/unit/pipeline/batch/small_batch.hpp"

namespace spec2::pipeline::batch {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;

TEST(SlurmScripts, RunTheProgramWhateverItsFoldersAreCalled) {
  const test::OutputFolder folder;
  const fs::path hostile = folder.path() / "it's $HOME \"`id`\" %j;x";
  fs::create_directory(hostile);
  Batch batch = test::small_batch(hostile);
  batch.program = hostile / "pro gram";
  std::ofstream(batch.program) << "#!/bin/sh\nprintf '%s|' \"$@\"\n";
  fs::permissions(batch.program, fs::perms::owner_all);
  for (const std::string& script : {slurm_task_script(batch), slurm_gather_script(batch)}) {
    std::ofstream(hostile / "script.sh") << script;
    EXPECT_EQ(run_child({"sh", "-n", (hostile / "script.sh").string()}, std::chrono::seconds(10))->exit_code, 0) << script;
  }
  std::ofstream(hostile / "script.sh") << slurm_task_script(batch);
  // Through env: what is of a job is not inherited by children.
  const auto result =
      run_child({"env", "SLURM_ARRAY_TASK_ID=4", "sh", (hostile / "script.sh").string(), "1", "1000"}, std::chrono::seconds(10));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "task|" + (hostile / "spec2_batch/1").string() + "|--attempt|1|--task|1004|");
  batch.program = "/a\nb";
  EXPECT_THROW(slurm_task_script(batch), Error);
}

TEST(SlurmCommands, ArrayAndGatherJob) {
  Batch batch = test::small_batch("/out 100%");
  batch.request.max_parallel = 7;
  batch.request.partition = "long";
  batch.request.account = "acc";
  batch.request.time = "2:00:00";
  batch.request.options = {"--qos=high", "--comment=a b"};
  Attempt attempt = test::small_attempt();
  const auto words = slurm_array_command(batch, attempt, attempt.arrays[0]);
  EXPECT_THAT(words, ElementsAre("sbatch", "--parsable", "--job-name=spec2_asn_s", "--mem=62M", "--nodes=1", "--ntasks=1",
                                 "--chdir=/home/me", "--open-mode=append", "--output=/out 100%%/spec2_batch/1/logs/0_%A_%a.log",
                                 "--partition=long", "--account=acc", "--time=2:00:00", "--qos=high", "--comment=a b",
                                 "--array=1-2%7", "--cpus-per-task=2", "/out 100%/spec2_batch/1/task.sh", "0", "0"));
  attempt.arrays[0].job = "11";
  attempt.arrays.push_back({.first = 3, .count = 1, .memory_mib = 900, .job = "12"});
  EXPECT_THAT(slurm_gather_command(batch, attempt), Contains("--dependency=afterany:11:12"));
  const auto second = slurm_array_command(batch, attempt, attempt.arrays[1]);
  EXPECT_THAT(second, Contains("--mem=900M"));
  EXPECT_EQ(second.back(), "2");
}

TEST(SlurmStates, AsSqueueAndSacctTellThem) {
  Attempt attempt = test::small_attempt();
  attempt.tasks.resize(6);
  attempt.arrays = {{.first = 1, .count = 4, .memory_mib = 1, .job = "11"},
                    {.first = 5, .count = 2, .memory_mib = 1, .job = "12"}};
  const auto states = parse_slurm_states(
      "11_1|RUNNING|None\n11_2|PENDING|JobArrayTaskLimit\n11_3|OUT_OF_MEMORY|OutOfMemory\n11_4|CANCELLED by 1000|0:15\n"
      "12_2|COMPLETED|None\n12_3|RUNNING|None\n13_1|RUNNING|None\nnonsense\n|||\n11_x|RUNNING|\n",
      attempt);
  ASSERT_EQ(states.size(), 5u);
  EXPECT_EQ(states.at(1).kind, JobState::Kind::running);
  EXPECT_EQ(states.at(1).reason, "");
  EXPECT_EQ(states.at(1).job, "11_1");
  EXPECT_EQ(states.at(2).kind, JobState::Kind::waiting);
  EXPECT_EQ(states.at(2).reason, "JobArrayTaskLimit");
  EXPECT_EQ(states.at(3).kind, JobState::Kind::ended);
  EXPECT_TRUE(states.at(3).lacked_memory);
  EXPECT_EQ(states.at(4).name, "CANCELLED");
  EXPECT_EQ(states.at(6).kind, JobState::Kind::ended);
}

TEST(SlurmLogs, TellWhoWasKilledForItsMemory) {
  const test::OutputFolder folder;
  const Batch batch = test::small_batch(folder.path());
  Attempt attempt = test::small_attempt();
  attempt.arrays[0].job = "11";
  const fs::path logs = batch_folder(folder.path(), 1) / "logs";
  fs::create_directories(logs);
  std::ofstream(logs / "0_11_1.log") << "step photom exceeded memory limit\n";
  std::ofstream(logs / "0_11_2.log") << "x\nslurmstepd-n1: error: Detected 1 oom-kill event(s) in StepId=11.batch.\n";
  EXPECT_FALSE(slurm_log_tells_lack_of_memory(batch, attempt, 1)) << "said by Slurm, not by a step";
  EXPECT_TRUE(slurm_log_tells_lack_of_memory(batch, attempt, 2));
  EXPECT_FALSE(slurm_log_tells_lack_of_memory(batch, attempt, 3));
}

}  // namespace
}  // namespace spec2::pipeline::batch
