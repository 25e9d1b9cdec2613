#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

/// The association with as many background members, all of them the rate file under other names.
void add_backgrounds(const SampleCase& sample, int count) {
  std::string members = std::string(R"({"expname": ")") + SampleCase::kRate + R"(", "exptype": "science"})";
  for (int n = 0; n < count; ++n) {
    const std::string name = "sky" + std::to_string(n) + "_rate.fits";
    fs::create_hard_link(sample.rate(), sample.folder() / name);
    members += R"(, {"expname": ")" + name + R"(", "exptype": "background"})";
  }
  write_text(sample.asn(), R"({"asn_type": "spec2", "asn_rule": "Asn_Lv2NRSFSS", "asn_pool": "pool", "products": [{"name": ")" +
                               std::string(SampleCase::kProduct) + R"(", "members": [)" + members + "]}]}");
}

/// Planes of five take 7.5 MiB and are held; those of thirty take 45 MiB, more than the run may have, and are read by rows.
TEST(Backgrounds, ManyTakeNoMoreMemoryThanFewAndTheirMeanIsTheSame) {
  std::map<std::string, std::string> of_few;
  for (const int count : {5, 30}) {
    for (const char* const threads : {"1", "3"}) {
      const SampleCase sample;
      add_backgrounds(sample, count);
      const ProgramResult result =
          sample.run({"--memory", "30M", "--threads", threads, "--set", "bkg_subtract.save_results=true"});
      ASSERT_EQ(result.exit_code, 0) << result.errors;
      EXPECT_THAT(result.output, ::testing::ContainsRegex("bkg_subtract .* done"));
      const auto products = dateless_contents(sample.output());
      EXPECT_EQ(products.size(), 4u) << count;
      if (of_few.empty()) of_few = products;
      for (const auto& [name, bytes] : products) EXPECT_TRUE(bytes == of_few[name]) << name << " of " << count;
    }
  }
}

}  // namespace
}  // namespace spec2::test
