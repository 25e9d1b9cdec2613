// Many small exposures of several modes in one process, each seventh broken in one of ten ways: nothing may grow, and each
// product must be what a run of its own gives. SPEC2_SOAK_EXPOSURES says how many; `make soak` runs 1,000.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/memory/resident.hpp"
#include "pipeline/runner/run.hpp"
#include "tests/integration/sample_case.hpp"
#include "tests/soak/dateless_product.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kFirstCompared = 10;
/// Each mode, and each way to be broken, has been seen this often before growth counts.
constexpr std::size_t kSettled = 30;

struct Input {
  std::string science;
  std::vector<std::string> backgrounds;
};

std::string root_of(std::size_t i) { return fmt::format("jw09001003001_02101_{}_nrs2", 10001 + i); }

std::string product_of(const std::string& root, const Input& input) {
  std::string members = fmt::format(R"({{"expname": "{}", "exptype": "science"}})", input.science);
  for (const std::string& file : input.backgrounds) {
    members += fmt::format(R"(, {{"expname": "{}", "exptype": "background"}})", file);
  }
  return fmt::format(R"({{"name": "{}", "members": [{}]}})", root, members);
}

std::size_t entries_of(const char* folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// A rate file of the sample with one thing wrong.
void break_sample(const SampleCase& sample, std::size_t kind) {
  const fs::path rate = sample.rate();
  switch (kind) {
    case 0: fs::resize_file(rate, fs::file_size(rate) / 3); return;
    case 1: sample.set_keyword("PRIMARY", "EXP_TYPE", "NRC_IMAGE"); return;
    case 2: sample.remove_keyword("PRIMARY", "GRATING"); return;
    case 3: sample.remove_hdu("SCI"); return;
    case 4: sample.remove_keyword("SCI", "ROLL_REF"); return;
    case 5: write_text(rate, "no FITS file"); return;
    case 6: fs::resize_file(rate, 0); return;
    case 7: sample.set_keyword("PRIMARY", "DETECTOR", "NRS9"); return;
    case 8: sample.set_keyword("PRIMARY", "SUBSTRT2", 5000.0); return;
    default: fs::remove(rate); return;
  }
}

/// Inputs of the modes at hand in one folder, and what runs of single exposures make of them.
class Inputs {
 public:
  explicit Inputs(const SampleCase& sample) : folder_(sample.folder()) {
    good_.push_back({SampleCase::kRate, {}});
    const fs::path shared = fs::path(SPEC2_SHARED_DIR) / "cases";
    const auto add = [&](const char* name, Input input) {
      if (!fs::exists(shared / name)) return;
      const UnpackedCase unpacked(shared / name);
      for (const auto& entry : fs::directory_iterator(unpacked.folder())) {
        if (entry.path().extension() == ".fits") fs::copy_file(entry.path(), folder_ / entry.path().filename());
      }
      good_.push_back(std::move(input));
    };
    add("nirspec_fs_g395m", {"jw09001001001_02101_00001_nrs1_rate.fits",
                             {"jw09001001001_02101_00002_nrs1_rate.fits", "jw09001001001_02101_00003_nrs1_rate.fits"}});
    add("nirspec_fs_g235m_options", {"jw09001004001_02101_00001_nrs1_rate.fits", {}});
    add("nirspec_fs_lamp", {"jw09003001001_02101_00001_nrs1_rate.fits", {}});
    add("nirspec_bots_prism", {"jw09002001001_02101_00001_nrs1_rateints.fits", {}});
    for (std::size_t kind = 0; kind < kBroken; ++kind) {
      const SampleCase broken;
      break_sample(broken, kind);
      const std::string name = fmt::format("jw09001009001_02101_0000{}_nrs2_rate.fits", kind);
      if (fs::exists(broken.rate())) fs::copy_file(broken.rate(), folder_ / name);
      broken_.push_back({name, {}});
    }
  }

  static constexpr std::size_t kBroken = 10;
  static bool is_broken(std::size_t i) { return i % 7 == 6; }
  std::size_t modes() const { return good_.size(); }
  std::size_t mode_of(std::size_t i) const { return (i - i / 7) % good_.size(); }
  const Input& good(std::size_t mode) const { return good_[mode]; }
  const Input& of(std::size_t i) const { return is_broken(i) ? broken_[i / 7 % kBroken] : good_[mode_of(i)]; }

 private:
  fs::path folder_;
  std::vector<Input> good_, broken_;
};

/// Follows the run: looks at the products of each exposure as it ends, and takes them away.
class Inspector final : public pipeline::Progress {
 public:
  struct State {
    std::size_t resident, handles, threads;
  };

  Inspector(const Inputs& inputs, fs::path folder, fs::path expected)
      : inputs_(inputs), folder_(std::move(folder)), expected_(std::move(expected)) {}

  void step_started(std::string_view, std::size_t, std::size_t, std::string_view, std::size_t, std::size_t) override {}

  void product_ended(std::string_view, std::string_view outcome) override {
    const std::size_t i = states_.size();
    const bool is_done = outcome == "done";
    if (is_done == Inputs::is_broken(i)) ++wrong_outcomes_;
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().extension() != ".fits") continue;
      ++files;
      if (is_done && !is_expected(i, entry.path())) ++wrong_products_;
      fs::remove(entry.path());
    }
    if ((files > 0) != is_done) ++wrong_products_;
    states_.push_back({process_memory().resident, entries_of("/proc/self/fd"), entries_of("/proc/self/task")});
  }

  std::size_t wrong_outcomes() const { return wrong_outcomes_; }
  std::size_t wrong_products() const { return wrong_products_; }
  const std::vector<State>& states() const { return states_; }

 private:
  bool is_expected(std::size_t i, const fs::path& product) const {
    const std::string single = root_of(inputs_.mode_of(i));
    const std::string name = product.filename().string();
    return same_but_for_dates(product, root_of(i), expected_ / (single + name.substr(single.size())), single);
  }

  const Inputs& inputs_;
  fs::path folder_, expected_;
  std::vector<State> states_;
  std::size_t wrong_outcomes_ = 0, wrong_products_ = 0;
};

pipeline::RunOptions options_for(const fs::path& folder, const std::string& products, const char* output) {
  pipeline::RunOptions options;
  // The name of the table stands in the products.
  options.input = folder / "soak.json";
  write_text(
      options.input,
      R"({"asn_type": "spec2", "asn_id": "o003", "asn_pool": "pool.csv", "program": "09001", "products": [)" + products + "]}");
  options.output_dir = folder / output;
  const fs::path shared = fs::path(SPEC2_SHARED_DIR) / "crds";
  options.crds_path = fs::exists(shared) ? shared : SampleCase::crds();
  options.crds_context = "jwst_9001.pmap";
  return options;
}

TEST(Soak, ManyExposuresOfAllModesAreAsSingleOnesAndNothingGrows) {
  const char* const wanted = std::getenv("SPEC2_SOAK_EXPOSURES");
  const std::size_t count = wanted ? std::max<std::size_t>(std::strtoul(wanted, nullptr, 10), 2 * kSettled) : 3 * kSettled;
  const SampleCase sample;
  const Inputs inputs(sample);
  if (inputs.modes() == 1) std::printf("only the mode of the sample: there is no shared folder with more\n");
  for (std::size_t mode = 0; mode < inputs.modes(); ++mode) {
    const auto options = options_for(sample.folder(), product_of(root_of(mode), inputs.good(mode)), "single");
    const pipeline::RunReport report = pipeline::run(options);
    ASSERT_EQ(report.products.at(0).outcome, pipeline::ProductOutcome::done) << report.products.at(0).reason;
  }
  std::string products;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) products += ',';
    products += product_of(root_of(i), inputs.of(i));
  }
  auto options = options_for(sample.folder(), products, "products");
  fs::create_directories(options.output_dir);
  Inspector inspector(inputs, options.output_dir, sample.folder() / "single");
  options.keep_details = false;
  const pipeline::RunReport report = pipeline::run(options, {.progress = &inspector});

  const auto& states = inspector.states();
  ASSERT_EQ(states.size(), count);
  EXPECT_EQ(inspector.wrong_outcomes(), 0u);
  EXPECT_EQ(inspector.wrong_products(), 0u);
  for (std::size_t i = 0; i < count; ++i) {
    const pipeline::ProductResult& result = report.products[i];
    EXPECT_EQ(result.reason.empty(), !Inputs::is_broken(i)) << i << ": " << result.reason;
    // What is live between exposures are references, which all have been used by then.
    if (i >= kSettled) {
      EXPECT_EQ(result.live_after, report.products.back().live_after) << i;
    }
  }
  const auto by_resident = [](const auto& a, const auto& b) { return a.resident < b.resident; };
  const auto settled = states.begin() + kSettled;
  const std::size_t early = std::max_element(states.begin() + kFirstCompared, settled, by_resident)->resident;
  const std::size_t late = std::max_element(settled, states.end(), by_resident)->resident;
  std::printf(
      "%zu exposures of %zu modes: resident at most %zu KiB up to exposure %zu, %zu KiB after; %zu handles, %zu threads\n", count,
      inputs.modes(), early / 1024, kSettled, late / 1024, states.back().handles, states.back().threads);
  EXPECT_LE(late, early + kMiB);
  for (std::size_t i = kFirstCompared; i < count; ++i) {
    ASSERT_EQ(states[i].handles, states[kFirstCompared].handles) << i;
    ASSERT_EQ(states[i].threads, states[kFirstCompared].threads) << i;
  }
}

}  // namespace
}  // namespace spec2::test
