#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

/// An association of products of their own, each of one member.
std::string association(const std::vector<std::string>& roots, const std::string& ending) {
  std::string products;
  for (const std::string& root : roots) {
    products += std::string(products.empty() ? "" : ",") + R"({"name": ")" + root + R"(", "members": [{"expname": ")" + root +
                ending + R"(", "exptype": "science"}]})";
  }
  return R"({"asn_type": "spec2", "asn_id": "o003", "asn_pool": "pool.csv", "program": "09001", "products": [)" + products + "]}";
}

/// Runs one association of `members` products, all of them links to the same input, and compares what is held after the third
/// and after the last.
void expect_flat_memory(const fs::path& input, const std::string& ending, std::size_t members, pipeline::RunOptions options) {
  std::vector<std::string> roots;
  for (std::size_t i = 0; i < members; ++i) {
    roots.push_back("jw09001003001_02101_" + std::to_string(10001 + i) + "_nrs2");
    fs::create_hard_link(input, input.parent_path() / (roots.back() + ending));
  }
  options.input = input.parent_path() / "soak.json";
  write_text(options.input, association(roots, ending));
  options.crds_context = "jwst_9001.pmap";
  options.use_crds_parameters = false;
  options.keep_details = false;  // what the report holds of steps and files grows with the members, as it must
  const pipeline::RunReport report = pipeline::run(options);
  ASSERT_EQ(report.products.size(), members);
  for (const auto& product : report.products) ASSERT_EQ(product.outcome, pipeline::ProductOutcome::done) << product.reason;
  const auto& third = report.products[2];
  const auto& last = report.products.back();
  std::printf("resident after member 3: %zu KiB, after member %zu: %zu KiB; live %zu and %zu bytes\n",
              third.resident_after / 1024, members, last.resident_after / 1024, third.live_after, last.live_after);
  EXPECT_EQ(last.live_after, third.live_after);
  EXPECT_LE(last.resident_after, third.resident_after + (std::size_t{1} << 20));
}

TEST(Soak, MemoryIsTheSameAfterFiftyMembersAsAfterThree) {
  const SampleCase sample;
  pipeline::RunOptions options;
  options.output_dir = sample.output();
  options.crds_path = SampleCase::crds();
  expect_flat_memory(sample.rate(), "_rate.fits", 50, options);
}

/// Blocks of integrations on two threads: what threads and blocks share must not grow either.
TEST(Soak, MemoryIsTheSameAfterThirtyTimeSeriesAsAfterThree) {
  const fs::path source = fs::path(SPEC2_SHARED_DIR) / "cases" / "nirspec_bots_prism";
  if (!fs::exists(source)) GTEST_SKIP() << "the case nirspec_bots_prism is not here; time series have no sample in data/";
  const UnpackedCase unpacked(source);
  for (const std::size_t threads : {std::size_t{1}, std::size_t{2}}) {
    pipeline::RunOptions options;
    options.output_dir = unpacked.folder() / "products";
    options.crds_path = fs::path(SPEC2_SHARED_DIR) / "crds";
    options.threads = threads;
    for (const auto& entry : fs::directory_iterator(unpacked.folder())) {
      if (entry.path().filename().string().starts_with("jw09001003001")) fs::remove(entry.path());
    }
    expect_flat_memory(unpacked.folder() / "jw09002001001_02101_00001_nrs1_rateints.fits", "_rateints.fits", 30, options);
  }
}

}  // namespace
}  // namespace spec2::test
