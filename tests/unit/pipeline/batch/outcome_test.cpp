#include "pipeline/batch/outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/batch/gather.hpp"
#include "pipeline/batch/task.hpp"
#include "pipeline/runner/run_record.hpp"
#include "tests/unit/pipeline/batch/small_batch.hpp"

namespace spec2::pipeline::batch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProductRecord record(const std::string& name, const std::string& status, int code, const std::string& task) {
  ProductRecord made;
  made.name = name;
  made.status = status;
  made.error = status == "failed" ? "why" : "";
  made.exit_code = code;
  made.task = task;
  return made;
}

TEST(Outcomes, WhatAnotherTryMayMend) {
  for (const int code : {6, 70, 130, 143, 137, 139}) EXPECT_TRUE(may_end_better(code, true)) << code;
  for (const int code : {0, 2, 3, 4, 64}) EXPECT_FALSE(may_end_better(code, false)) << code;
  EXPECT_TRUE(may_end_better(5, false)) << "the prediction was too small";
  EXPECT_FALSE(may_end_better(5, true)) << "the user's limit is too small";
  EXPECT_TRUE(needs_more_memory(5) && needs_more_memory(137));
  EXPECT_FALSE(needs_more_memory(6) || needs_more_memory(139));
  EXPECT_EQ(documented_code(137), 6);
  EXPECT_EQ(documented_code(139), 70);
  EXPECT_EQ(documented_code(143), 143);
  EXPECT_EQ(documented_code(3), 3);
}

TEST(SettledTasks, CodeForTheBatchSystemAndNoSecondTryOfWhatFailedForGood) {
  const test::OutputFolder folder;
  const Batch batch = test::small_batch(folder.path());
  const Attempt attempt = test::small_attempt();
  const auto put = [&](const ProductRecord& product) { RunRecord(folder.path(), {}, Log()).put(product, 0); };
  EXPECT_THAT(products_to_make(batch, attempt, 1), ElementsAre("a", "b"));
  put(record("a", "done", 0, "1/0/1"));
  put(record("b", "failed", 3, "1/0/1"));
  EXPECT_EQ(settle_task(batch, attempt, 1, 3), kExitFailedForGood);
  EXPECT_THAT(products_to_make(batch, attempt, 1), ElementsAre("a")) << "which --resume keeps";
  put(record("b", "failed", 137, "1/0/1"));
  EXPECT_EQ(settle_task(batch, attempt, 1, 6), kExitTryAgain);
  EXPECT_THAT(products_to_make(batch, attempt, 1), ElementsAre("a", "b"));
  put(record("b", "skipped", 0, "1/0/1"));
  EXPECT_EQ(settle_task(batch, attempt, 1, 0), 0);
  put(record("c", "failed", 3, "1/7/2"));
  EXPECT_THAT(products_to_make(batch, attempt, 2), ElementsAre("c")) << "that was another attempt's";
  EXPECT_EQ(settle_task(batch, attempt, 2, 2), kExitFailedForGood);
  EXPECT_EQ(recorded_outcomes(folder.path()).at("c").exit_code, 2) << "the run stopped before its products";
  EXPECT_THROW(task_of(attempt, 0), Error);
  EXPECT_THROW(task_of(attempt, 3), Error);
}

TEST(Gathering, TheLastAttemptWritesDownWhatNobodySaid) {
  const test::OutputFolder folder;
  Batch batch = test::small_batch(folder.path());
  batch.number = make_batch_folder(folder.path());
  batch.request.retries = 0;
  write_batch(batch);
  write_attempt(batch, test::small_attempt());
  RunRecord(folder.path(), {}, Log()).put(record("a", "done", 0, "1/0/1"), 0);
  RunRecord(folder.path(), {}, Log()).put(record("b", "failed", 3, "1/0/1"), 0);
  for (int time = 0; time < 2; ++time) {
    const GatherReport report = gather(batch, 0, Log());
    EXPECT_EQ(report.done, 1u);
    EXPECT_EQ(report.failed, 2u);
    EXPECT_EQ(report.exit_code, 3);
    EXPECT_THAT(report.text, HasSubstr("c: failed: its task ended without a word"));
    EXPECT_EQ(recorded_outcomes(folder.path()).at("c").exit_code, 6);
    EXPECT_TRUE(is_gathered(batch));
  }
}

}  // namespace
}  // namespace spec2::pipeline::batch
