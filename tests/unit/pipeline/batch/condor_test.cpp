#include "pipeline/batch/condor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "tests/unit/pipeline/batch/small_batch.hpp"

namespace spec2::pipeline::batch {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CondorFiles, SubmitFileOfTheTasks) {
  Batch batch = test::small_batch("/out's $x", Engine::htcondor);
  batch.request.account = "group.jwst";
  batch.request.options = {"requirements = HasSharedDisk"};
  const std::string text = condor_task_submit(batch);
  for (const char* const line :
       {"executable = /opt/spec2/bin/spec2\n",
        "arguments = \"task '/out''s $(DOLLAR)x/spec2_batch/1' --attempt 0 --task $(task)\"\n", "initialdir = /home/me\n",
        "request_cpus = 2\n", "accounting_group = group.jwst\n", "requirements = HasSharedDisk\nqueue\n",
        "request_memory = ifThenElse(isUndefined(MemoryUsage), $(memory), max({$(memory), MemoryUsage * 3 / 2}))\n",
        "periodic_release = HoldReasonCode == 34 && NumJobStarts <= 2\n", "should_transfer_files = NO\n",
        "My.Spec2Batch = \"/out's $(DOLLAR)x/spec2_batch/1\"\n", "log = /out's $(DOLLAR)x/spec2_batch/1/logs/condor.log\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(condor_gather_submit(batch), HasSubstr("arguments = \"gather '/out''s $(DOLLAR)x/spec2_batch/1' --attempt 0\"\n"));
  batch.working_dir = "/ends with a blank ";
  EXPECT_THROW(condor_task_submit(batch), Error);
}

TEST(CondorFiles, ANodeForEachTask) {
  Batch batch = test::small_batch("/out", Engine::htcondor);
  EXPECT_EQ(condor_dag(batch, test::small_attempt()),
            "# Tasks of a batch of spec2: attempt_0.json has their products.\n"
            "JOB task_1 task.sub\nVARS task_1 task=\"1\" memory=\"60\"\nRETRY task_1 2 UNLESS-EXIT 65\n"
            "JOB task_2 task.sub\nVARS task_2 task=\"2\" memory=\"62\"\nRETRY task_2 2 UNLESS-EXIT 65\n"
            "FINAL gather gather.sub\n");
  batch.request.retries = 0;
  batch.request.max_parallel = 3;
  const std::string text = condor_dag(batch, test::small_attempt());
  EXPECT_THAT(text, Not(HasSubstr("RETRY")));
  EXPECT_THAT(text, HasSubstr("CATEGORY task_2 tasks\n"));
  EXPECT_THAT(text, HasSubstr("MAXJOBS tasks 3\n"));
}

TEST(CondorFiles, ASubDagForEachAssociation) {
  std::vector<Batch> batches = {test::small_batch("/out"), test::small_batch("/out")};
  batches[1].number = 2;
  EXPECT_THAT(condor_top_dag(batches),
              HasSubstr("SUBDAG EXTERNAL batch_1 batch.dag DIR 1\nSUBDAG EXTERNAL batch_2 batch.dag DIR 2\n"));
}

TEST(CondorStates, AsCondorQTellsThem) {
  const auto states = parse_condor_states(R"([
    {"ClusterId": 7, "ProcId": 0, "JobStatus": 2, "Spec2Task": 1},
    {"ClusterId": 8, "ProcId": 0, "JobStatus": 5, "HoldReason": "too much", "HoldReasonCode": 34, "Spec2Task": 2},
    {"ClusterId": 9, "ProcId": 0, "JobStatus": 1, "Spec2Task": 3},
    {"ClusterId": 10, "ProcId": 0, "JobStatus": 1}])");
  ASSERT_EQ(states.size(), 3u);
  EXPECT_EQ(states.at(1).kind, JobState::Kind::running);
  EXPECT_EQ(states.at(1).job, "7.0");
  EXPECT_EQ(states.at(2).name, "held");
  EXPECT_EQ(states.at(2).reason, "too much");
  EXPECT_TRUE(states.at(2).lacked_memory);
  EXPECT_EQ(states.at(3).kind, JobState::Kind::waiting);
  EXPECT_TRUE(parse_condor_states("-- Failed to fetch ads").empty());
}

}  // namespace
}  // namespace spec2::pipeline::batch
