// Products made in worker processes: the same as without, and one that dies costs no other.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// A command before photom that ends the worker of one product.
std::vector<std::string> dying(const std::string& product, const std::string& signal, const std::string& only_if = "true") {
  return {"--allow-hooks", "--set",
          "photom.pre_hooks='case {0} in *" + product + "*) if " + only_if + "; then kill -" + signal +
              " $PPID; sleep 5; fi;; esac',"};
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

nlohmann::json record_of(const SampleCase& sample) {
  return nlohmann::json::parse(read_text(sample.output() / "spec2_run.json"));
}

TEST(Workers, SameProductsForAnyNumber) {
  const SampleCase sample;
  sample.repeat_product(5);
  ASSERT_EQ(sample.run().exit_code, 0);
  const auto alone = dateless_contents(sample.output());
  ASSERT_EQ(alone.size(), 15u);
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--workers", "1"}, {"--workers", "2", "--threads", "2"}, {"--workers", "16"},
        {"--workers", "2", "--recycle-after", "1"}, {"--workers", "2", "--recycle-above", "1M"}}) {
    fs::remove_all(sample.output());
    const ProgramResult result = sample.run(more);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, HasSubstr("resample_spec")) << "the table of a product made elsewhere";
    const auto made = dateless_contents(sample.output());
    ASSERT_EQ(made.size(), alone.size());
    for (const auto& [name, text] : alone) EXPECT_EQ(made.at(name) == text, true) << name;
    EXPECT_EQ(record_of(sample)["products"].size(), 5u);
    EXPECT_THAT(sample.run(joined(more, {"--resume"})).output, HasSubstr("done by an earlier run"));
  }
}

TEST(Workers, OneThatDiesCostsOneProduct) {
  const SampleCase sample;
  const auto names = sample.repeat_product(4);
  // A sanitizer in the program would make an exit of its own of the signal.
  for (const char* const options : {"ASAN_OPTIONS", "TSAN_OPTIONS"}) ::setenv(options, "handle_segv=0", 1);
  for (const auto& [signal, said, code] :
       {std::tuple("SEGV", "signal 11", 70), std::tuple("KILL", "signal 9", 6), std::tuple("ABRT", "signal 6", 70)}) {
    fs::remove_all(sample.output());
    const ProgramResult result = sample.run(joined({"--workers", "2"}, dying(names[1], signal)));
    EXPECT_EQ(result.exit_code, code) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(said));
    EXPECT_THAT(result.errors, HasSubstr("step photom"));
    EXPECT_THAT(result.errors, HasSubstr(names[1]));
    EXPECT_EQ(sample.products().size(), 9u) << "three products of the other exposures, nothing of this one";
    const nlohmann::json record = record_of(sample);
    for (const auto& product : record["products"]) {
      EXPECT_EQ(product["status"], product["name"] == names[1] ? "failed" : "done");
    }
  }
}

TEST(Workers, TriedAgain) {
  const SampleCase sample;
  const auto names = sample.repeat_product(3);
  const std::string marker = (sample.folder() / "was_killed").string();
  const ProgramResult result = sample.run(
      joined({"--workers", "2", "--retry", "1"}, dying(names[0], "KILL", "! test -e " + marker + " && touch " + marker)));
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("tried again (1 of 1)"));
  EXPECT_EQ(sample.products().size(), 9u);
  fs::remove_all(sample.output());
  EXPECT_EQ(sample.run(joined({"--workers", "2", "--retry", "2"}, dying(names[0], "KILL"))).exit_code, 6);
  EXPECT_EQ(sample.products().size(), 6u);
}

TEST(Workers, ShareTheBoundOfTheRun) {
  const SampleCase sample;
  sample.repeat_product(2);
  EXPECT_EQ(sample.run({"--memory", "60M", "--workers", "1"}).exit_code, 0);
  fs::remove_all(sample.output());
  const ProgramResult result = sample.run({"--memory", "60M", "--workers", "30"});
  EXPECT_EQ(result.exit_code, 5) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("2.0 MiB"));
  EXPECT_TRUE(sample.products().empty());
}

TEST(Workers, StopBySignal) {
  const SampleCase sample;
  sample.repeat_product(3);
  // Sent to the process that started the worker, which is the worker's parent; once, since a second signal ends it at once.
  const std::string once = "mkdir " + (sample.folder() / "sent").string() + " && kill -TERM $(ps -o ppid= -p $PPID)";
  const ProgramResult result =
      sample.run({"--workers", "2", "--allow-hooks", "--set", "photom.pre_hooks='" + once + "; sleep 0.5',"});
  EXPECT_EQ(result.exit_code, 143) << result.errors;
  EXPECT_TRUE(sample.products().empty());
}

TEST(Workers, OptionsThatNeedThem) {
  const SampleCase sample;
  const ProgramResult result = sample.run({"--retry", "1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("--workers"));
  EXPECT_THAT(sample.run({"--workers", "0"}).errors, HasSubstr("--workers"));
}

}  // namespace
}  // namespace spec2::test
