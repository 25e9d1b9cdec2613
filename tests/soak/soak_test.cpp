#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMembers = 50;

/// An association of products of their own, each of one member; all members are links to the sample's rate file.
std::string association() {
  std::string products;
  for (std::size_t i = 0; i < kMembers; ++i) {
    const std::string root = "jw09001003001_02101_" + std::to_string(10001 + i) + "_nrs2";
    products += std::string(i ? "," : "") + R"({"name": ")" + root + R"(", "members": [{"expname": ")" + root +
                R"(_rate.fits", "exptype": "science"}]})";
  }
  return R"({"asn_type": "spec2", "asn_id": "o003", "asn_pool": "pool.csv", "program": "09001", "products": [)" + products + "]}";
}

TEST(Soak, MemoryIsTheSameAfterFiftyMembersAsAfterThree) {
  const SampleCase sample;
  for (std::size_t i = 0; i < kMembers; ++i) {
    fs::create_hard_link(sample.rate(), sample.folder() / ("jw09001003001_02101_" + std::to_string(10001 + i) + "_nrs2_rate.fits"));
  }
  write_text(sample.asn(), association());
  pipeline::RunOptions options;
  options.input = sample.asn();
  options.output_dir = sample.output();
  options.crds_path = SampleCase::crds();
  options.crds_context = "jwst_9001.pmap";
  options.use_crds_parameters = false;
  const pipeline::RunReport report = pipeline::run(options);
  ASSERT_EQ(report.products.size(), kMembers);
  for (const auto& product : report.products) ASSERT_EQ(product.outcome, pipeline::ProductOutcome::done) << product.reason;
  const auto& third = report.products[2];
  const auto& last = report.products.back();
  RecordProperty("resident_after_3", static_cast<int>(third.resident_after / 1024));
  RecordProperty("resident_after_50", static_cast<int>(last.resident_after / 1024));
  EXPECT_EQ(last.live_after, third.live_after);
  EXPECT_LE(last.resident_after, third.resident_after + (std::size_t{1} << 20));
  std::printf("resident after member 3: %zu KiB, after member %zu: %zu KiB; live %zu and %zu bytes\n", third.resident_after / 1024, kMembers,
              last.resident_after / 1024, third.live_after, last.live_after);
}

}  // namespace
}  // namespace spec2::test
