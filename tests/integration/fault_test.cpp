// Every reservation and every file operation of a run fails once: each time there is a clean error, or the products are
// those of an undisturbed run; never a part of them, never a leftover. As SQLite's tests inject faults.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

pipeline::RunOptions options_of(const SampleCase& sample) {
  pipeline::RunOptions options;
  options.input = sample.asn();
  options.output_dir = sample.output();
  options.crds_path = SampleCase::crds();
  options.crds_context = "jwst_9001.pmap";
  return options;
}

/// An association of two products from the same exposure: the second must not feel what the first one met.
void two_products(const SampleCase& sample) {
  const std::string member = std::string(R"([{"expname": ")") + SampleCase::kRate + R"(", "exptype": "science"}])";
  write_text(sample.asn(),
             R"({"products": [{"name": "first", "members": )" + member + R"(}, {"name": "second", "members": )" + member + "}]}");
}

TEST(Faults, EveryReservationFailsOnce) {
  const SampleCase sample;
  two_products(sample);
  const pipeline::RunOptions options = options_of(sample);
  std::uint64_t reservations = 0;
  pipeline::RunObservers counting;
  counting.account_made = [&](Account& account) { account.set_charge_hook([&](std::uint64_t, std::size_t) { ++reservations; }); };
  const pipeline::RunReport undisturbed = pipeline::run(options, counting);
  ASSERT_EQ(undisturbed.exit_code(), 0);
  const std::vector<std::string> all = sample.products();
  ASSERT_EQ(all.size(), 6u);

  std::map<std::string, int> failures;
  for (std::uint64_t at = 1; at <= reservations; ++at) {
    fs::remove_all(sample.output());
    std::uint64_t count = 0;
    pipeline::RunObservers observers;
    observers.account_made = [&](Account& account) {
      account.set_charge_hook([&](std::uint64_t, std::size_t) {
        if (++count == at) throw Error(ErrorCause::budget, "the reservation is made to fail");
      });
    };
    const pipeline::RunReport report = pipeline::run(options, observers);
    std::vector<std::string> expected;
    for (const pipeline::ProductResult& product : report.products) {
      if (product.outcome == pipeline::ProductOutcome::done) {
        for (const fs::path& file : product.files) expected.push_back(file.filename().string());
        continue;
      }
      EXPECT_EQ(product.cause, ErrorCause::budget) << "reservation " << at << ": " << product.reason;
      ++failures[product.name];
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(sample.products(), expected) << "reservation " << at;
    ASSERT_EQ(report.products.size(), 2u);
    if (report.products.back().outcome == pipeline::ProductOutcome::done) {
      ASSERT_EQ(report.products.back().live_after, undisturbed.products.back().live_after) << "reservation " << at;
    }
  }
  std::printf("%llu reservations failed in turn: %d in the first product, %d in the second\n",
              static_cast<unsigned long long>(reservations), failures["first"], failures["second"]);
  EXPECT_GT(failures["first"], 0);
  EXPECT_EQ(static_cast<std::uint64_t>(failures["first"] + failures["second"]), reservations);
}

TEST(Faults, EveryFileOperationFailsOnce) {
#ifdef SPEC2_SANITIZED
  GTEST_SKIP() << "a sanitizer must be the first library of the process; the release build does this test";
#endif
  const SampleCase sample;
  const fs::path count_file = sample.folder() / "count";
  const auto run = [&](long at) {
    fs::remove_all(sample.output());
    return run_program(
        {SPEC2_PROGRAM, "run", sample.asn().string(), "--output-dir", sample.output().string(), "--quiet"},
        {"CRDS_PATH=" + SampleCase::crds().string(), "CRDS_CONTEXT=jwst_9001.pmap", "LD_PRELOAD=" SPEC2_FAULTY_CALLS,
         "SPEC2_FAULT_FOLDERS=" + sample.folder().string() + ":" + SampleCase::crds().string(),
         "SPEC2_FAULT_COUNT=" + count_file.string(), "SPEC2_FAULT_AT=" + std::to_string(at)});
  };
  const ProgramResult undisturbed = run(0);
  ASSERT_EQ(undisturbed.exit_code, 0) << undisturbed.errors;
  const std::vector<std::string> all = sample.products();
  ASSERT_EQ(all.size(), 3u);
  std::map<std::string, std::uintmax_t> sizes;
  for (const std::string& name : all) sizes[name] = fs::file_size(sample.output() / name);
  const long operations = std::stol(read_text(count_file));
  ASSERT_GT(operations, 20);

  std::map<int, int> outcomes;
  for (long at = 1; at <= operations; ++at) {
    const ProgramResult result = run(at);
    ++outcomes[result.exit_code];
    if (result.exit_code == 0) {
      ASSERT_EQ(sample.products(), all) << "operation " << at;
      for (const std::string& name : all) {
        ASSERT_EQ(fs::file_size(sample.output() / name), sizes[name]) << "operation " << at << name;
      }
      continue;
    }
    ASSERT_THAT(result.exit_code, ::testing::AnyOf(2, 3, 4, 6)) << "operation " << at << result.errors;
    ASSERT_THAT(sample.products(), IsEmpty()) << "operation " << at << result.errors;
    ASSERT_FALSE(result.errors.empty()) << "operation " << at;
  }
  std::printf("%ld file operations failed in turn:", operations);
  for (const auto& [code, runs] : outcomes) std::printf(" exit %d %d times", code, runs);
  std::printf("\n");
}

}  // namespace
}  // namespace spec2::test
