#include "pipeline/runner/run_record.hpp"

#include <unistd.h>

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Messages final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view message) override { text.append(message).append("\n"); }
  std::string text;
};

class RunRecords : public ::testing::Test {
 protected:
  RunRecords() {
    char name[] = "/tmp/spec2_record_XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~RunRecords() override { fs::remove_all(folder_); }
  fs::path file() const { return folder_ / RunRecord::kFileName; }
  nlohmann::json tree() const { return nlohmann::json::parse(std::ifstream(file())); }
  RunRecord open(const Log& log = {}) const { return {folder_, {"spec2", "run"}, log}; }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  fs::path folder_;
};

ProductRecord product(const std::string& name) {
  ProductRecord record;
  record.name = name;
  record.status = "done";
  record.version = "1";
  record.started = record.ended = "2026-01-31T12:00:00.000Z";
  record.seconds = 0.25;
  record.settings = {{"context", "jwst_9001.pmap"}};
  record.parameters = {{"steps.photom.skip", "True"}};
  record.inputs = {{"/data/a_rate.fits", "science", {123, 456}, "xxh128:00"}};
  record.references = {{"photom", "p.fits"}, {"psf", "N/A"}};
  record.reference_files = {{"/crds/p.fits", "photom", {7, 8}, ""}};
  record.products = {{"a_cal.fits", "", {9, 10}, "xxh128:11"}};
  StepUsage step;
  step.exposure = name;
  step.step = "photom";
  step.outcome = "skipped: by a parameter";
  step.budget = ~std::size_t{0};
  record.steps = {step};
  return record;
}

TEST_F(RunRecords, WhatIsPutIsFoundByTheNextRun) {
  open().put(product("a"), 0);
  const auto found = open().find("a");
  ASSERT_TRUE(found);
  EXPECT_EQ(to_json(*found), to_json(product("a")));
  EXPECT_FALSE(open().find("b"));
  EXPECT_EQ(files(), 1u);
}

TEST_F(RunRecords, LayoutForOtherPrograms) {
  RunRecord record = open();
  record.put(product("a"), 1);
  EXPECT_EQ(tree()["ended"], "");
  record.end();
  const nlohmann::json json = tree();
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["program"], "spec2");
  EXPECT_EQ(json["command"], nlohmann::json({"spec2", "run"}));
  EXPECT_THAT(json["ended"].get<std::string>(), ::testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T.{12}Z"));
  const nlohmann::json& entry = json["products"][0];
  EXPECT_EQ(entry["products"], nlohmann::json({"a_cal.fits"}));
  EXPECT_EQ(entry["references"]["photom"], "p.fits");
  EXPECT_EQ(entry["inputs"][0]["checksum"], "xxh128:00");
  EXPECT_EQ(entry["steps"][0]["name"], "photom");
  EXPECT_EQ(entry["steps"][0]["budget"], ~std::size_t{0});
}

TEST_F(RunRecords, ADamagedFileIsToldAndBegunAnew) {
  open().put(product("a"), 0);
  const std::string whole((std::ostringstream() << std::ifstream(file()).rdbuf()).str());
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 3}) {
    std::ofstream(file()) << whole.substr(0, length);
    Messages messages;
    RunRecord record = open(Log(messages, ""));
    EXPECT_FALSE(record.find("a")) << length;
    EXPECT_THAT(messages.text, HasSubstr("begun anew")) << length;
    record.put(product("b"), 0);
    EXPECT_EQ(tree()["products"].size(), 1u) << length;
  }
  std::ofstream(file()) << R"({"products": [{"name": "a", "status": 3}]})";
  EXPECT_THROW(open().find("a"), Error);
}

TEST_F(RunRecords, SeveralRunsAtOnceKeepAllProducts) {
  constexpr int kRuns = 8, kProducts = 20;
  std::vector<std::thread> runs;
  for (int run = 0; run < kRuns; ++run) {
    runs.emplace_back([&, run] {
      RunRecord record = open();
      for (int i = 0; i < kProducts; ++i) {
        record.put(product(std::to_string(run) + "_" + std::to_string(i)), static_cast<std::size_t>(kProducts - 1 - i));
      }
    });
  }
  for (int look = 0; look < 50; ++look) {
    if (fs::exists(file())) {
      EXPECT_NO_THROW(tree());
    }
  }
  for (std::thread& run : runs) run.join();
  EXPECT_EQ(tree()["products"].size(), static_cast<std::size_t>(kRuns * kProducts));
  EXPECT_EQ(files(), 1u);
}

TEST_F(RunRecords, AFolderThatCannotBeWrittenIsAWarning) {
  Messages messages;
  RunRecord record(folder_ / "not_there", {}, Log(messages, ""));
  EXPECT_NO_THROW(record.put(product("a"), 0));
  EXPECT_THAT(messages.text, HasSubstr("--resume would do"));
}

}  // namespace
}  // namespace spec2::pipeline
