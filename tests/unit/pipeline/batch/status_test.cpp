#include "pipeline/batch/status.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/runner/run_mark.hpp"
#include "pipeline/runner/run_record.hpp"
#include "tests/unit/pipeline/batch/small_batch.hpp"

namespace spec2::pipeline::batch {
namespace {

using ::testing::HasSubstr;

void put(const std::filesystem::path& folder, const std::string& name, const std::string& status, int code,
         const std::string& task) {
  ProductRecord record;
  record.name = name;
  record.status = status;
  record.error = code == 0 ? "" : "bad " + name;
  record.exit_code = code;
  record.task = task;
  record.ended = time_text(std::chrono::system_clock::now());
  StepUsage step;
  step.resident_peak = std::size_t{20} << 20;
  record.steps = {step};
  RunRecord(folder, {}, Log()).put(record, 0);
}

const ProductStatus& entry(const FolderStatus& status, const std::string& name) {
  for (const ProductStatus& one : status.products) {
    if (one.name == name) return one;
  }
  throw std::runtime_error("no product " + name);
}

TEST(StatusOfAFolder, NothingThere) {
  const test::OutputFolder folder;
  EXPECT_THROW(folder_status(folder.path()), Error);
  EXPECT_THROW(folder_status(folder.path() / "none"), Error);
}

TEST(StatusOfAFolder, ARunAtWork) {
  const test::OutputFolder folder;
  put(folder.path(), "a", "done", 0, "");
  auto run = std::make_unique<RunMark>(folder.path(), MarkedWork::Kind::run, std::vector<std::string>{"a", "b", "c"}, "");
  auto product = std::make_unique<RunMark>(folder.path(), MarkedWork::Kind::product, std::vector<std::string>{"b"}, "");
  FolderStatus status = folder_status(folder.path());
  EXPECT_EQ(entry(status, "a").state, ProductState::done);
  EXPECT_EQ(entry(status, "a").peak_resident, std::size_t{20} << 20);
  EXPECT_EQ(entry(status, "b").state, ProductState::running);
  EXPECT_THAT(entry(status, "b").reason, HasSubstr("process " + std::to_string(::getpid())));
  EXPECT_EQ(entry(status, "c").state, ProductState::waiting);
  EXPECT_EQ(status.exit_code(), 75);
  product.reset();
  put(folder.path(), "b", "failed", 3, "");
  put(folder.path(), "c", "skipped", 0, "");
  EXPECT_EQ(folder_status(folder.path()).exit_code(), 3);
  run.reset();
  EXPECT_EQ(folder_status(folder.path()).exit_code(), 3);
  EXPECT_TRUE(find_marks(folder.path()).empty());
}

TEST(StatusOfAFolder, ARunThatWasKilled) {
  const test::OutputFolder folder;
  put(folder.path(), "a", "done", 0, "");
  const pid_t child = ::fork();
  if (child == 0) {
    const RunMark run(folder.path(), MarkedWork::Kind::run, {"a", "b"}, "");
    const RunMark product(folder.path(), MarkedWork::Kind::product, {"b"}, "");
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  const FolderStatus status = folder_status(folder.path());
  EXPECT_EQ(entry(status, "a").state, ProductState::done);
  EXPECT_EQ(entry(status, "b").state, ProductState::stopped);
  EXPECT_THAT(entry(status, "b").reason, HasSubstr("--resume"));
  EXPECT_EQ(status.exit_code(), 6);
}

class StatusOfABatch : public ::testing::Test {
 protected:
  StatusOfABatch() : batch_(test::small_batch(folder_.path())), attempt_(test::small_attempt()) {
    batch_.number = make_batch_folder(folder_.path());
    attempt_.arrays[0].job = "999999991";
    attempt_.gather_job = "999999992";
    write_batch(batch_);
    write_attempt(batch_, attempt_);
  }
  FolderStatus status() const { return folder_status(folder_.path()); }

  test::OutputFolder folder_;
  Batch batch_;
  Attempt attempt_;
};

TEST_F(StatusOfABatch, FromItsFilesAlone) {
  FolderStatus now = status();
  EXPECT_EQ(now.count(ProductState::waiting), 3u);
  EXPECT_THAT(entry(now, "a").reason, HasSubstr("submitted to slurm"));
  EXPECT_EQ(entry(now, "c").asked_mib, 62u);
  EXPECT_EQ(entry(now, "c").task, "1/0/2");
  EXPECT_EQ(now.exit_code(), 75);
  {
    const RunMark mark(folder_.path(), MarkedWork::Kind::product, {"c"}, "1/0/2");
    EXPECT_EQ(entry(status(), "c").state, ProductState::running);
  }
  put(folder_.path(), "a", "done", 0, "1/0/1");
  put(folder_.path(), "b", "failed", 3, "1/0/1");
  put(folder_.path(), "c", "failed", 137, "1/0/2");
  now = status();
  EXPECT_EQ(entry(now, "b").state, ProductState::failed);
  EXPECT_EQ(entry(now, "c").state, ProductState::waiting) << "it will be tried again";
  EXPECT_THAT(entry(now, "c").reason, HasSubstr("tried again: bad c"));
  EXPECT_EQ(now.exit_code(), 75);
}

TEST_F(StatusOfABatch, LaterAttempts) {
  put(folder_.path(), "a", "done", 0, "1/0/1");
  put(folder_.path(), "b", "failed", 3, "1/0/1");
  put(folder_.path(), "c", "failed", 137, "1/0/2");
  Attempt second{.number = 1, .tasks = {{{"c"}, 124}}, .arrays = {{1, 1, 124, "999999993"}}, .gather_job = "999999994"};
  write_attempt(batch_, second);
  FolderStatus now = status();
  EXPECT_EQ(now.batches[0].attempt, 1u);
  EXPECT_EQ(entry(now, "c").state, ProductState::waiting);
  EXPECT_EQ(entry(now, "c").asked_mib, 124u);
  EXPECT_THAT(entry(now, "c").reason, HasSubstr("before, it failed: bad c"));
  EXPECT_EQ(entry(now, "b").state, ProductState::failed);
  put(folder_.path(), "c", "done", 0, "1/1/1");
  mark_gathered(batch_, "{}");
  now = status();
  EXPECT_EQ(entry(now, "c").state, ProductState::done);
  EXPECT_EQ(now.exit_code(), 3);
  EXPECT_THAT(to_text(now), HasSubstr("3 products: 2 done, 1 failed"));
  const auto tree = nlohmann::json::parse(to_json(now));
  EXPECT_EQ(tree["counts"]["done"], 2);
  EXPECT_EQ(tree["exit_code"], 3);
  EXPECT_EQ(tree["products"][1]["reason"], "bad b");
  EXPECT_EQ(tree["batches"][0]["gathered"], true);
}

}  // namespace
}  // namespace spec2::pipeline::batch
