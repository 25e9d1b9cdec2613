#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <unistd.h>

#include "core/memory/account.hpp"
#include "pipeline/memory_report/memory_report.hpp"
#include "pipeline/memory_report/report_writer.hpp"

namespace spec2::pipeline::test {

/// A folder that goes with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "spec2_memory_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline HeldBlocks held(const std::string& kind, std::vector<std::string> holders, std::int64_t moment, std::size_t count,
                       std::size_t bytes) {
  return {kind, std::move(holders), moment, count, bytes};
}

/// A product with two steps, of which the second takes `mebibytes` and leaves one block of the kind "leak" more than the product
/// before it.
inline ProductMemory made_product(std::size_t index, const std::string& name, std::size_t mebibytes) {
  const std::size_t bytes = mebibytes << 20;
  const std::string exposure = "exposure " + name;
  ProductMemory product{.product = index, .name = name, .outcome = "done", .process = 77, .seconds = 2.0};
  product.began_s = 10.0 * static_cast<double>(index);
  StepMemory first;
  first.usage = {.exposure = name, .step = "assign_wcs", .outcome = "done", .seconds = 0.5, .live_before = 0, .live_peak = 2000,
                 .live_after = 1000, .resident_before = 4 << 20, .resident_peak = 5 << 20, .resident_after = 5 << 20,
                 .estimate = 3000, .budget = Account::kUnlimited};
  first.began_s = product.began_s;
  first.virtual_before = first.virtual_peak = first.virtual_after = 30 << 20;
  first.kinds = {{"WCS records", 3, 2500, 1, 1000}};
  first.at_peak = {held("WCS records", {"run", exposure}, TakenIn::moment(index, 0), 2, 2000)};
  first.after = {held("WCS records", {"run", exposure}, TakenIn::moment(index, 0), 1, 1000)};
  first.fullest = {.live = 1000, .resident = 5 << 20, .virtual_size = 30 << 20};
  first.fullest.parts = {0, 1000, (5 << 20) - 1000, 0, 0, 0, 0, 0, 0};
  StepMemory second = first;
  second.usage.step = "photom";
  second.usage.live_before = 1000;
  second.usage.live_peak = bytes + 1000;
  second.usage.live_after = 5000;
  second.usage.budget = std::size_t{64} << 20;
  second.began_s += 1.0;
  second.kinds = {{"plane SCI", 2, bytes, 1, 4000}, {"WCS records", 0, 0, 1, 1000}};
  second.at_peak = {held("plane SCI", {"run", exposure, "step photom"}, TakenIn::moment(index, 1), 2, bytes),
                    held("WCS records", {"run", exposure}, TakenIn::moment(index, 0), 1, 1000)};
  second.after = {held("plane SCI", {"run", exposure}, TakenIn::moment(index, 1), 1, 4000),
                  held("WCS records", {"run", exposure}, TakenIn::moment(index, 0), 1, 1000)};
  product.steps = {first, second};
  for (std::size_t i = 0; i <= index; ++i) product.held_after.push_back(held("leak", {"run"}, TakenIn::moment(i, -1), 1, 512));
  product.after = {.live = 512 * (index + 1), .resident = 4 << 20, .virtual_size = 30 << 20};
  for (int i = 0; i < 5; ++i) {
    product.samples.push_back({product.began_s + 0.5 * i, static_cast<std::size_t>(1000 * i), 5 << 20, 30 << 20, i < 2 ? 0 : 1,
                               i == 0 ? SampleEvent::step_begins : SampleEvent::periodic});
  }
  return product;
}

inline const RunFacts kFacts{"1.2.3", "2026-11-30T08:00:00", "spec2 run asn.json", std::size_t{512} << 20, 2, 0};

inline void write_report(const std::filesystem::path& path, std::size_t products) {
  MemoryReportWriter writer(path, kFacts);
  for (std::size_t i = 0; i < products; ++i) writer.append(made_product(i, "product" + std::to_string(i), 8 + i));
  writer.finish();
}

}  // namespace spec2::pipeline::test
