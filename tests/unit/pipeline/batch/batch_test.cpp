#include "pipeline/batch/batch.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "tests/unit/pipeline/batch/small_batch.hpp"

namespace spec2::pipeline::batch {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kMiB = std::size_t{1} << 20;

std::string mistake_of(const BatchRequest& request) {
  try {
    validate(request);
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::user_input);
    return error.what();
  }
  return {};
}

TEST(BatchRequests, MistakesAreTold) {
  EXPECT_EQ(mistake_of({}), "");
  EXPECT_EQ(mistake_of({.partition = "long,short", .account = "jwst.2", .time = "1-12:00", .options = {"--qos=high", "--nice"}}),
            "");
  EXPECT_THAT(mistake_of({.partition = "a b"}), HasSubstr("--partition"));
  EXPECT_THAT(mistake_of({.account = "--wrap"}), HasSubstr("--account"));
  EXPECT_THAT(mistake_of({.time = "soon"}), HasSubstr("--time 'soon'"));
  EXPECT_THAT(mistake_of({.options = {"qos=high"}}), HasSubstr("does not begin with --"));
  EXPECT_THAT(mistake_of({.options = {"--array=1-5"}}), HasSubstr("set by spec2"));
  EXPECT_THAT(mistake_of({.options = {"--qos=a\n#SBATCH --wrap=rm"}}), HasSubstr("control character"));
  EXPECT_THAT(mistake_of({.time = "soon", .options = {"x"}}), ::testing::AllOf(HasSubstr("--time"), HasSubstr("--option")));
  EXPECT_EQ(mistake_of({.engine = Engine::htcondor, .options = {"+Project = \"x\"", "requirements = Memory > 1"}}), "");
  EXPECT_THAT(mistake_of({.engine = Engine::htcondor, .options = {"queue 5"}}), HasSubstr("no line"));
  EXPECT_THAT(mistake_of({.engine = Engine::htcondor, .options = {"Executable = /bin/sh"}}), HasSubstr("set by spec2"));
  EXPECT_THAT(mistake_of({.engine = Engine::htcondor, .options = {"rank = Mips \\"}}), HasSubstr("no line"));
  EXPECT_THAT(mistake_of({.engine = Engine::htcondor, .options = {"a = b\nqueue"}}), HasSubstr("control character"));
  EXPECT_THAT(mistake_of({.engine = Engine::htcondor, .partition = "p", .time = "5"}),
              ::testing::AllOf(HasSubstr("--partition"), HasSubstr("allowed_execute_duration")));
  EXPECT_THROW(engine_of("pbs"), Error);
}

TEST(Tasks, MemoryIsThePredictionAndTheProgram) {
  EXPECT_EQ(asked_mib(0, 1), kProgramMib + kThreadMib);
  EXPECT_EQ(asked_mib(5 * kMiB, 1), 5 + 1 + kProgramMib + kThreadMib);
  EXPECT_EQ(asked_mib(7 * kMiB + 1, 3), 8 + 2 + kProgramMib + 3 * kThreadMib);
  EXPECT_EQ(asked_mib(4000 * kMiB, 1), 4000 + kKeptBlocksMib + kProgramMib + kThreadMib);
  for (std::size_t peak = 1; peak < 600; ++peak) EXPECT_EQ(data_mib(asked_mib(peak * kMiB, 4), 4), peak) << peak;
  EXPECT_EQ(data_mib(1, 1), 1u);
}

TEST(Tasks, ProductsOfLikeNeedGoTogether) {
  const std::vector<PredictedProduct> products = {{"a", 10 * kMiB}, {"big", 5000 * kMiB}, {"b", 11 * kMiB}, {"c", 9 * kMiB}};
  const auto tasks = divide(products, 2, 1);
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_THAT(tasks[0].products, ElementsAre("a", "b"));
  EXPECT_EQ(tasks[0].memory_mib, asked_mib(11 * kMiB, 1));
  EXPECT_THAT(tasks[1].products, ElementsAre("c"));
  EXPECT_THAT(tasks[2].products, ElementsAre("big"));
  const auto arrays = arrays_of(tasks);
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_EQ(arrays[0].first, 1u);
  EXPECT_EQ(arrays[0].count, 2u);
  EXPECT_EQ(arrays[0].memory_mib, asked_mib(11 * kMiB, 1));
  EXPECT_EQ(arrays[1].first, 3u);
  EXPECT_EQ(arrays[1].memory_mib, asked_mib(5000 * kMiB, 1));
}

TEST(Tasks, WhatCannotBePredictedIsTakenForTheLargest) {
  const std::vector<PredictedProduct> products = {{"broken", 0}, {"a", 40 * kMiB}};
  EXPECT_EQ(divide(products, 1, 1)[0].memory_mib, asked_mib(40 * kMiB, 1));
}

TEST(Tasks, NoMoreThanAThousandInAnArray) {
  const std::vector<PredictedProduct> products(2500, {"p", kMiB});
  const auto alone = divide(products, 1, 1);
  EXPECT_EQ(alone.size(), 2500u);
  const auto arrays = arrays_of(alone);
  ASSERT_EQ(arrays.size(), 3u);
  EXPECT_EQ(arrays[2].first, 2001u);
  EXPECT_EQ(arrays[2].count, 500u);
  EXPECT_EQ(divide(products, 0, 1).size(), 834u) << "by itself: so many products a task that a thousand tasks do";
}

TEST(Batches, WordsOfATask) {
  Batch batch = test::small_batch("/out");
  const Task task{{"a b", "-c"}, 60};
  const auto words = batch.words_of(task, task.products, batch.label(0, 3));
  EXPECT_THAT(words,
              ElementsAre("run", "/data/night 1/asn's.json", "--output-dir=/out", "--resume", "--workers=1", "--batch-task=1/0/3",
                          "--set=photom.skip=true", "--memory=7340032", "--product=a b", "--product=-c"));
  batch.own_limit = 1000;
  EXPECT_THAT(batch.words_of(task, {}, ""), Contains("--memory=1000"));
  EXPECT_EQ(batch.job_name(), "spec2_asn_s");
}

TEST(BatchFiles, WhatIsWrittenIsRead) {
  const test::OutputFolder folder;
  Batch batch = test::small_batch(folder.path());
  batch.number = make_batch_folder(folder.path());
  EXPECT_EQ(batch.number, 1u);
  batch.request.options = {"--qos=\"x\""};
  write_batch(batch);
  Attempt attempt = test::small_attempt();
  attempt.arrays[0].job = "77";
  write_attempt(batch, attempt);
  const Batch read = read_batch(batch_folder(folder.path(), 1));
  EXPECT_EQ(read.association, batch.association);
  EXPECT_EQ(read.output_dir, batch.output_dir);
  EXPECT_EQ(read.run_words, batch.run_words);
  EXPECT_EQ(read.request.options, batch.request.options);
  EXPECT_EQ(read.request.retries, 2u);
  const Attempt last = last_attempt(read);
  EXPECT_EQ(last.number, 0u);
  EXPECT_EQ(last.tasks[0].products, attempt.tasks[0].products);
  EXPECT_EQ(last.arrays[0].job, "77");
  EXPECT_FALSE(has_attempt(read, 1));
  EXPECT_FALSE(is_gathered(read));
  EXPECT_EQ(make_batch_folder(folder.path()), 2u);
  EXPECT_THAT(batch_numbers(folder.path()), ElementsAre(1u, 2u));
}

TEST(BatchFiles, DamageAndOtherFoldersAreTold) {
  const test::OutputFolder folder;
  EXPECT_THROW(read_batch(folder.path()), Error);
  std::ofstream(folder.path() / "batch.json") << "{\"number\": 1";
  EXPECT_THROW(read_batch(folder.path()), Error);
  std::ofstream(folder.path() / "batch.json") << "{\"number\": 1}";
  EXPECT_THROW(read_batch(folder.path()), Error);
  Batch batch = test::small_batch(folder.path());
  batch.number = make_batch_folder(folder.path());
  batch.association = "/data/\xff.json";
  EXPECT_THROW(write_batch(batch), Error) << "a name that JSON cannot hold is refused, not changed";
}

}  // namespace
}  // namespace spec2::pipeline::batch
