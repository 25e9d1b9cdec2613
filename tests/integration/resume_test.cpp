// Runs that are stopped, killed or repeated, and what --resume makes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/integration/sample_case.hpp"

extern char** environ;

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kRecord = "spec2_run.json";

ProgramResult resume(const SampleCase& sample, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--resume", "--log-level", "info"});
  return sample.run(more);
}

TEST(Resume, KeepsWhatIsDone) {
  const SampleCase sample;
  ASSERT_EQ(sample.run().exit_code, 0);
  const fs::path cal = sample.output() / (std::string(SampleCase::kProduct) + "_cal.fits");
  const auto written = fs::last_write_time(cal);
  const ProgramResult again = resume(sample);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.output, HasSubstr("done by an earlier run"));
  EXPECT_THAT(again.output, HasSubstr("_cal.fits"));
  EXPECT_EQ(fs::last_write_time(cal), written);
  // Threads and the bound for memory do not change a product.
  EXPECT_THAT(resume(sample, {"--threads", "2", "--memory", "1G"}).output, HasSubstr("done by an earlier run"));
  EXPECT_THAT(sample.run().output, Not(HasSubstr("earlier run")));
}

TEST(Resume, SaysWhyAProductIsRedone) {
  const SampleCase sample;
  ASSERT_EQ(sample.run().exit_code, 0);
  const fs::path cal = sample.output() / (std::string(SampleCase::kProduct) + "_cal.fits");
  const auto expect_redone = [&](const std::string& why, const std::vector<std::string>& more = {}) {
    EXPECT_THAT(resume(sample, more).errors, HasSubstr("redone: " + why));
    EXPECT_THAT(resume(sample, more).output, HasSubstr("done by an earlier run")) << "after: " << why;
  };
  expect_redone("parameter steps.photom.skip changed from its default to 'True'", {"--set", "photom.skip=true"});
  expect_redone("parameter steps.photom.skip changed from 'True' to its default");
  expect_redone("setting save_steps changed from 'false' to 'true'", {"--save-steps"});
  expect_redone("setting save_steps");
  expect_redone("parameter steps.pathloss.override_pathloss", {"--override", "pathloss=N/A"});
  expect_redone("parameter steps.pathloss.override_pathloss");
  fs::remove(cal);
  expect_redone("its file " + cal.filename().string() + " is missing or was changed");
  std::string bytes = read_text(cal);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_text(cal, bytes);
  expect_redone("its file " + cal.filename().string() + " is missing or was changed");
  const auto modified = fs::last_write_time(sample.rate());
  sample.fill_plane("SCI", 2.0f);
  fs::last_write_time(sample.rate(), modified);
  expect_redone("the input " + std::string(SampleCase::kRate) + " changed");
  const fs::path own = sample.folder() / "own_area.fits";
  for (const auto& entry : fs::recursive_directory_iterator(SampleCase::crds())) {
    if (entry.path().filename().string().find("photom") != std::string::npos && entry.path().extension() == ".fits") {
      fs::copy_file(entry.path(), own, fs::copy_options::overwrite_existing);
    }
  }
  expect_redone("parameter steps.photom.override_photom changed", {"--override", "photom=" + own.string()});
  fs::last_write_time(own, fs::file_time_type::clock::now());
  expect_redone("the reference own_area.fits changed", {"--override", "photom=" + own.string()});
  fs::remove(sample.output() / kRecord);
  expect_redone("it is not in the record of an earlier run");
}

TEST(Resume, FailedProductsAreTriedAgainAndTheOthersKept) {
  const SampleCase sample;
  sample.repeat_product(2);
  const fs::path second = sample.folder() / "jw09001003001_02101_00012_nrs2_rate.fits";
  const std::string whole = read_text(second);
  write_text(second, whole.substr(0, whole.size() / 2));
  ASSERT_EQ(sample.run().exit_code, 3);
  const auto record = nlohmann::json::parse(read_text(sample.output() / kRecord));
  ASSERT_EQ(record["products"].size(), 2u);
  EXPECT_EQ(record["products"][0]["status"], "done");
  EXPECT_EQ(record["products"][1]["status"], "failed");
  write_text(second, whole);
  const ProgramResult again = resume(sample);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.output, HasSubstr("jw09001003001_02101_00011_nrs2: done by an earlier run"));
  EXPECT_THAT(again.output, HasSubstr("jw09001003001_02101_00012_nrs2: done\n"));
  EXPECT_THAT(again.errors, HasSubstr("redone: it failed"));
}

/// Starts a run and kills it after a while; false when it had ended before.
bool killed_run(const SampleCase& sample, std::chrono::microseconds after, const std::vector<std::string>& more) {
  std::vector<std::string> words = {SPEC2_PROGRAM, "run", sample.asn().string(), "--output-dir", sample.output().string(),
                                    "--quiet", "--resume", "--crds-path", SampleCase::crds().string(), "--crds-context",
                                    "jwst_9001.pmap"};
  words.insert(words.end(), more.begin(), more.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int why = ::posix_spawn(&child, SPEC2_PROGRAM, &silent, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&silent);
  if (why != 0) throw std::runtime_error("cannot start spec2");
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

/// A folder with no temporary file, whose products are those of the undisturbed run.
void expect_same_products(const SampleCase& sample, const std::map<std::string, std::string>& undisturbed,
                          const std::string& when) {
  const auto found = dateless_contents(sample.output());
  ASSERT_EQ(found.size(), undisturbed.size()) << when;
  for (const auto& [name, text] : undisturbed) {
    ASSERT_TRUE(found.contains(name)) << when << name;
    ASSERT_TRUE(found.at(name) == text) << when << name;
  }
}

TEST(Resume, KilledAtRandomTimes) {
  const SampleCase sample;
  sample.repeat_product(2);
  // The shortest time of several, as other tests run beside this one: later than that nothing is left to kill.
  auto whole = std::chrono::steady_clock::duration::max();
  for (int run = 0; run < 4; ++run) {
    fs::remove_all(sample.output());
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(sample.run({"--quiet"}).exit_code, 0);
    whole = std::min(whole, std::chrono::steady_clock::now() - begin);
  }
  const auto undisturbed = dateless_contents(sample.output());
  ASSERT_EQ(undisturbed.size(), 6u);
  std::mt19937 random(6);
  std::uniform_int_distribution<long> moment(0, std::chrono::duration_cast<std::chrono::microseconds>(whole).count());
  int killed = 0, kept = 0;
  for (int run = 0; run < 100; ++run) {
    fs::remove_all(sample.output());
    killed += killed_run(sample, std::chrono::microseconds(moment(random)), {}) ? 1 : 0;
    const std::string when = "run " + std::to_string(run) + " ";
    if (fs::exists(sample.output())) {
      for (const auto& [name, text] : dateless_contents(sample.output())) {
        if (name.starts_with('.')) continue;
        ASSERT_TRUE(undisturbed.contains(name)) << when << name;
        ASSERT_TRUE(text == undisturbed.at(name)) << when << "half-written: " << name;
      }
    }
    const ProgramResult again = resume(sample);
    ASSERT_EQ(again.exit_code, 0) << when << again.errors;
    kept += again.output.find("done by an earlier run") != std::string::npos ? 1 : 0;
    expect_same_products(sample, undisturbed, when);
  }
  std::printf("%d of 100 runs were killed in time; %d resumed runs kept a product\n", killed, kept);
  EXPECT_GT(killed, 50);
}

TEST(Resume, TwoRunsIntoOneFolder) {
  const SampleCase sample;
  sample.repeat_product(2);
  ASSERT_EQ(sample.run({"--quiet"}).exit_code, 0);
  const auto undisturbed = dateless_contents(sample.output());
  for (int time = 0; time < 10; ++time) {
    fs::remove_all(sample.output());
    ProgramResult of_other;
    std::thread other([&] { of_other = sample.run({"--quiet"}); });
    const ProgramResult result = sample.run({"--quiet"});
    other.join();
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(of_other.exit_code, 0) << of_other.errors;
    expect_same_products(sample, undisturbed, "");
    EXPECT_EQ(nlohmann::json::parse(read_text(sample.output() / kRecord))["products"].size(), 2u);
    EXPECT_EQ(resume(sample).exit_code, 0);
  }
}

}  // namespace
}  // namespace spec2::test
