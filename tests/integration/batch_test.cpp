// spec2 submit, task, gather and status with programs in the place of a batch system's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A sample with programs of its own at the head of PATH.
class Batches : public ::testing::Test {
 protected:
  Batches() { fs::create_directory(programs()); }
  fs::path programs() const { return sample_.folder() / "programs"; }
  fs::path batch(int number = 1) const { return sample_.output() / "spec2_batch" / std::to_string(number); }

  void make_program(const std::string& name, const std::string& script) const {
    write_text(programs() / name, "#!/bin/sh\n" + script);
    fs::permissions(programs() / name, fs::perms::owner_all);
  }
  /// Each call writes its words, one a line, and gives the next number.
  void make_sbatch() const {
    make_program("sbatch", "n=$(ls '" + programs().string() + "' | grep -c call)\nprintf '%s\\n' \"$@\" > '" +
                               programs().string() + "/call_'$n\necho \"$((n + 100));cluster\"\n");
    make_program("squeue", "exit 1\n");
    make_program("sacct", "exit 1\n");
  }
  std::vector<std::string> call(int number) const {
    std::ifstream file(programs() / ("call_" + std::to_string(number)));
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word);) words.push_back(word);
    return words;
  }
  ProgramResult spec2(std::vector<std::string> words) const {
    words.insert(words.begin(), SPEC2_PROGRAM);
    return run_program(words, {"CRDS_PATH=" + SampleCase::crds().string(), "CRDS_CONTEXT=jwst_9001.pmap",
                               "PATH=" + programs().string() + ":/usr/bin:/bin"});
  }
  ProgramResult submit(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"submit", sample_.asn().string(), "--output-dir", sample_.output().string()};
    words.insert(words.end(), more.begin(), more.end());
    return spec2(words);
  }
  ProgramResult task(int number, int attempt = 0) const {
    return spec2({"task", batch().string(), "--task", std::to_string(number), "--attempt", std::to_string(attempt)});
  }
  ProgramResult gather(int attempt) const { return spec2({"gather", batch().string(), "--attempt", std::to_string(attempt)}); }
  nlohmann::json status(int code) const {
    const ProgramResult result = spec2({"status", sample_.output().string(), "--format", "json"});
    EXPECT_EQ(result.exit_code, code) << result.output << result.errors;
    return nlohmann::json::parse(result.output);
  }

  const SampleCase sample_;
};

TEST_F(Batches, SlurmFromSubmitToTheEnd) {
  make_sbatch();
  const auto names = sample_.repeat_product(3);
  const fs::path broken = sample_.folder() / (names[2] + "_rate.fits");
  write_text(broken, read_text(broken).substr(0, 100000));
  const fs::path flag = sample_.folder() / "flag";
  const ProgramResult submitted = submit(
      {"--engine", "slurm", "--threads", "2", "--option=--qos=high", "--max-parallel", "2", "--allow-hooks", "--set",
       "photom.pre_hooks='case {0} in *" + names[1] + "*) if mkdir " + flag.string() + "; then kill -9 $PPID; fi;; esac',"});
  ASSERT_EQ(submitted.exit_code, 0) << submitted.errors;
  EXPECT_THAT(submitted.output, HasSubstr("job 100: 3 tasks"));
  EXPECT_THAT(submitted.output, HasSubstr("job 101: gathers"));
  EXPECT_THAT(submitted.errors, HasSubstr("would fail"));
  const auto attempt = nlohmann::json::parse(read_text(batch() / "attempt_0.json"));
  const std::size_t asked = attempt["arrays"][0]["memory_mib"];
  const auto array = call(0), gatherer = call(1);
  for (const std::string& word : {std::string("--array=1-3%2"), "--mem=" + std::to_string(asked) + "M",
                                  std::string("--cpus-per-task=2"), std::string("--qos=high"), (batch() / "task.sh").string()}) {
    EXPECT_THAT(array, Contains(word));
  }
  EXPECT_THAT(gatherer, Contains("--dependency=afterany:100"));
  EXPECT_EQ(status(75)["counts"]["waiting"], 3);

  EXPECT_EQ(task(1).exit_code, 0);
  EXPECT_EQ(task(2).exit_code, 75) << "its process was killed";
  EXPECT_EQ(task(3).exit_code, 65) << "its exposure is broken";
  EXPECT_EQ(status(75)["products"][1]["state"], "waiting");
  const ProgramResult first = gather(0);
  EXPECT_EQ(first.exit_code, 75) << first.errors;
  EXPECT_THAT(first.output, HasSubstr(names[1] + ": is tried again (1 of 1)"));
  EXPECT_THAT(first.output, Not(HasSubstr(names[2])));
  EXPECT_THAT(call(2), Contains("--mem=" + std::to_string(2 * asked) + "M")) << "it may have been killed for its memory";
  EXPECT_THAT(call(2), Contains("--array=1-1%2"));
  EXPECT_THAT(call(3), Contains("--dependency=afterany:102"));
  EXPECT_EQ(gather(0).exit_code, 75) << "nothing is submitted twice";
  EXPECT_TRUE(call(4).empty());

  EXPECT_EQ(task(1, 1).exit_code, 0);
  const ProgramResult last = gather(1);
  EXPECT_EQ(last.exit_code, 3) << last.output;
  EXPECT_THAT(last.output, HasSubstr("2 products done, 1 failed"));
  const auto ended = status(3);
  EXPECT_EQ(ended["products"][1]["state"], "done");
  EXPECT_EQ(ended["products"][1]["task"], "1/1/1");
  EXPECT_EQ(ended["products"][2]["state"], "failed");
  EXPECT_EQ(ended["products"][2]["exit_code"], 3);
  EXPECT_GT(ended["products"][0]["memory_used"], 0);
#ifndef SPEC2_SANITIZED  // what a sanitizer holds is not asked for
  EXPECT_LT(ended["products"][0]["memory_used"], ended["products"][0]["memory_asked"]);
#endif
}

TEST_F(Batches, ProductsAreThoseOfARun) {
  make_sbatch();
  sample_.repeat_product(5);
  ASSERT_EQ(submit({"--engine", "slurm", "--chunk", "2"}).exit_code, 0);
  EXPECT_THAT(call(0), Contains("--array=1-3"));
  for (int number = 1; number <= 3; ++number) EXPECT_EQ(task(number).exit_code, 0) << number;
  EXPECT_EQ(gather(0).exit_code, 0);
  EXPECT_EQ(status(0)["counts"]["done"], 5);
  fs::rename(sample_.output() / "spec2_batch", sample_.folder() / "spec2_batch");
  const auto made = dateless_contents(sample_.output());
  fs::remove_all(sample_.output());
  ASSERT_EQ(sample_.run().exit_code, 0);
  const auto alone = dateless_contents(sample_.output());
  ASSERT_EQ(made.size(), 15u);
  for (const auto& [name, text] : alone) EXPECT_TRUE(made.at(name) == text) << name;
}

TEST_F(Batches, WhatCannotBeSubmittedIsToldWithWhatWas) {
  make_program("sbatch", "echo 'sbatch: error: Invalid account' >&2; exit 1\n");
  const ProgramResult refused = submit({"--engine", "slurm"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_THAT(refused.errors, HasSubstr("Invalid account"));
  make_program("sbatch", "case \"$*\" in *afterany*) exit 1 ;; esac; echo 55\n");
  EXPECT_THAT(submit({"--engine", "slurm"}).errors, HasSubstr("scancel 55"));
  fs::remove(programs() / "sbatch");
  EXPECT_THAT(submit({"--engine", "slurm"}).errors, ::testing::AnyOf(HasSubstr("cannot be started"), HasSubstr("sbatch ended")));
}

TEST_F(Batches, MistakesComeBeforeAnyFile) {
  make_sbatch();
  EXPECT_EQ(submit({}).exit_code, 2) << "an engine is needed";
  EXPECT_EQ(submit({"--engine", "pbs"}).exit_code, 2);
  EXPECT_EQ(submit({"--engine", "slurm", "--steps.no_such_step.skip=true"}).exit_code, 2);
  EXPECT_EQ(submit({"--engine", "slurm", "--option=--wrap=x"}).exit_code, 2);
  EXPECT_EQ(submit({"--engine", "slurm", "--log-file", "x.log"}).exit_code, 2);
  EXPECT_THAT(submit({sample_.asn().string(), "--engine", "slurm"}).errors, HasSubstr("would both write"));
  EXPECT_FALSE(fs::exists(sample_.output()));
  EXPECT_EQ(spec2({"status", sample_.folder().string()}).exit_code, 2);
}

TEST_F(Batches, HTCondorGetsADagAndItsGathererTheEnd) {
  make_program("condor_submit_dag", "pwd > '" + programs().string() + "/call_0'; printf '%s\\n' \"$@\" >> '" +
                                        programs().string() + "/call_0'\necho '1 job(s) submitted to cluster 42.'\n");
  const auto names = sample_.repeat_product(2);
  const ProgramResult submitted = submit({"--engine", "htcondor", "--retry", "3"});
  ASSERT_EQ(submitted.exit_code, 0) << submitted.errors;
  EXPECT_THAT(submitted.output, HasSubstr("cluster 42"));
  EXPECT_THAT(call(0), ElementsAre(batch().string(), "-batch-name", "spec2_asn", "batch.dag"));
  EXPECT_THAT(read_text(batch() / "batch.dag"), HasSubstr("RETRY task_2 3 UNLESS-EXIT 65"));
  EXPECT_EQ(task(1).exit_code, 0);
  make_program("condor_q",
               R"(echo '[{"ClusterId":43,"ProcId":0,"JobStatus":5,"HoldReason":"too big","HoldReasonCode":34,"Spec2Task":2}]')");
  const auto now = status(75);
  EXPECT_EQ(now["products"][0]["state"], "done");
  EXPECT_EQ(now["products"][1]["reason"], "held: too big");
  EXPECT_EQ(gather(0).exit_code, 2) << "a task is in the queue";
  make_program("condor_q", "echo '[]'");
  EXPECT_EQ(gather(0).exit_code, 6) << "the second task never said anything";
  EXPECT_EQ(status(6)["products"][1]["state"], "failed");
}

TEST_F(Batches, DryRunsOfSeveralAssociations) {
  const fs::path other = sample_.folder() / "other.json";
  std::string text = read_text(sample_.asn());
  const std::string name = SampleCase::kProduct;
  const std::size_t at = text.find("\"name\": \"" + name);
  text.replace(at + 9, name.size(), "another");
  write_text(other, text);
  const ProgramResult slurm = submit({other.string(), "--engine", "slurm", "--dry-run"});
  ASSERT_EQ(slurm.exit_code, 0) << slurm.errors;
  EXPECT_THAT(slurm.output, HasSubstr("batch 2"));
  EXPECT_THAT(slurm.output, HasSubstr("--dependency=afterany:JOB_1"));
  const ProgramResult condor = submit({other.string(), "--engine", "htcondor", "--dry-run"});
  EXPECT_THAT(condor.output, HasSubstr("condor_submit_dag -batch-name spec2_2_associations batches_3-4.dag"));
  EXPECT_THAT(read_text(sample_.output() / "spec2_batch/batches_3-4.dag"), HasSubstr("SUBDAG EXTERNAL batch_4 batch.dag DIR 4"));
  EXPECT_EQ(status(75)["counts"]["waiting"], 2);
}

TEST(StatusOfRuns, AtWorkAloneAndWithWorkers) {
  const SampleCase sample;
  const auto names = sample.repeat_product(3);
  const fs::path seen = sample.folder() / "seen.json";
  const std::string hook = "photom.pre_hooks='case {0} in *" + names[1] + "*) " SPEC2_PROGRAM " status " +
                           sample.output().string() + " --format json > " + seen.string() + " || test $? = 75 ;; esac',";
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--workers", "1"}}) {
    fs::remove_all(sample.output());
    std::vector<std::string> words = {"--allow-hooks", "--set", hook};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramResult result = sample.run(words);
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto status = nlohmann::json::parse(read_text(seen));
    std::vector<std::string> states;
    for (const std::string& name : names) {
      for (const auto& product : status["products"]) {
        if (product["name"] == name) states.push_back(product["state"]);
      }
    }
    EXPECT_THAT(states, ElementsAre("done", "running", "waiting"));
    const ProgramResult after = run_program({SPEC2_PROGRAM, "status", sample.output().string()});
    EXPECT_EQ(after.exit_code, 0);
    EXPECT_THAT(after.output, HasSubstr("3 products: 3 done"));
  }
}

TEST(Budgets, OfOneProductIsEnoughForSeveralInARow) {
  const SampleCase sample;
  sample.repeat_product(4);
  EXPECT_EQ(sample.run({"--memory", "5.25M", "--quiet"}).exit_code, 0) << "references kept from earlier products give way";
}

TEST(HooksThatAreKilled, AreNoMistakeOfTheUser) {
  const SampleCase sample;
  const ProgramResult result = sample.run({"--allow-hooks", "--set", "photom.pre_hooks='kill -9 $$',"});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.errors, HasSubstr("was ended by signal 9"));
}

}  // namespace
}  // namespace spec2::test
