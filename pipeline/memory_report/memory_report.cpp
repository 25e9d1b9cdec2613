#include "pipeline/memory_report/memory_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/memory_report/report_columns.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::size_t kDeepest = 64;  ///< levels of accounts; more can only be a ring

/// Rows of another table that belong to a row.
struct Range {
  std::size_t first = 0;
  std::size_t count = 0;
};

}  // namespace

struct MemoryReport::Contents {
  explicit Contents(const std::filesystem::path& path) : file(path) {
    kinds = file.texts(layout::kKinds, "name", 0, file.rows(layout::kKinds));
    read_holders();
    read_exposures();
    read_steps();
  }

  void read_holders() {
    const std::size_t rows = file.rows(layout::kHolders);
    holder_names = file.texts(layout::kHolders, "name", 0, rows);
    holder_parents = file.integers(layout::kHolders, "parent", 0, rows);
  }

  /// A number of the file that shall be a place in a list, or -1.
  std::int64_t place(std::int64_t number, std::size_t size, const char* what) const {
    if (number < -1 || (number >= 0 && static_cast<std::size_t>(number) >= size)) {
      file.fail(fmt::format("the memory report names {} {}, and has {}", what, number, size));
    }
    return number;
  }
  std::size_t size_of(std::int64_t number, const char* what) const {
    if (number < 0) file.fail(fmt::format("{} of the memory report is {}", what, number));
    return static_cast<std::size_t>(number);
  }

  /// Integers of all rows of a table, a list for each name.
  std::vector<std::vector<std::int64_t>> columns(const layout::Table& table, std::size_t rows,
                                                 std::initializer_list<const char*> names) const {
    std::vector<std::vector<std::int64_t>> found;
    for (const char* const name : names) found.push_back(file.integers(table, name, 0, rows));
    return found;
  }

  void set_parts(ResidentState& state, const std::vector<std::int64_t>& parts, std::size_t row) const {
    std::copy_n(parts.begin() + static_cast<std::ptrdiff_t>(row * kResidentParts), kResidentParts, state.parts.begin());
  }

  void read_exposures() {
    const layout::Table& table = layout::kExposures;
    const std::size_t rows = file.rows(table);
    const auto names = file.texts(table, "name", 0, rows), outcomes = file.texts(table, "outcome", 0, rows);
    const auto began = file.reals(table, "began", 0, rows), seconds = file.reals(table, "seconds", 0, rows);
    const auto numbers = columns(table, rows, {"process", "live_after", "resident_after", "virtual_after", "parts", "rows"});
    for (std::size_t i = 0; i < rows; ++i) {
      ReportExposure& each = exposures.emplace_back();
      each.name = names[i];
      each.outcome = outcomes[i];
      each.process = numbers[0][i];
      each.began_s = began[i];
      each.seconds = seconds[i];
      each.after.live = size_of(numbers[1][i], "a size");
      each.after.resident = size_of(numbers[2][i], "a size");
      each.after.virtual_size = size_of(numbers[3][i], "a size");
      set_parts(each.after, numbers[4], i);
      left_behind.push_back(rows_of(numbers[5], i).after);
    }
  }

  struct Rows {
    Range kinds, peak, after;
  };
  Rows rows_of(const std::vector<std::int64_t>& values, std::size_t row) const {
    const auto number = [&](std::size_t i) { return size_of(values[row * layout::kRanges + i], "a row or a number of rows"); };
    return {{number(0), number(1)}, {number(2), number(3)}, {number(2) + number(3), number(4)}};
  }

  static StepBytes bytes_of(const std::vector<std::int64_t>& values, std::size_t row) {
    const std::size_t at = row * layout::kMoments;
    return {values[at], values[at + 1], values[at + 2]};
  }

  void read_steps() {
    const layout::Table& table = layout::kSteps;
    const std::size_t rows = file.rows(table);
    const auto names = file.texts(table, "name", 0, rows), outcomes = file.texts(table, "outcome", 0, rows);
    const auto began = file.reals(table, "began", 0, rows), seconds = file.reals(table, "seconds", 0, rows);
    const auto numbers = columns(table, rows, {"exposure", "live", "resident", "virtual", "estimate", "budget", "allocations",
                                               "allocated", "parts", "rows"});
    for (std::size_t i = 0; i < rows; ++i) {
      ReportStep& each = steps.emplace_back();
      each.name = names[i];
      each.exposure = size_of(place(numbers[0][i], exposures.size(), "exposure"), "an exposure");
      each.outcome = outcomes[i];
      each.began_s = began[i];
      each.seconds = seconds[i];
      each.live = bytes_of(numbers[1], i);
      each.resident = bytes_of(numbers[2], i);
      each.virtual_size = bytes_of(numbers[3], i);
      each.estimate = numbers[4][i];
      each.budget = numbers[5][i];
      each.allocations = numbers[6][i];
      each.allocated_bytes = numbers[7][i];
      set_parts(each.fullest, numbers[8], i);
      const auto& parts = each.fullest.parts;
      each.fullest.live = static_cast<std::size_t>(parts[0]) + static_cast<std::size_t>(parts[1]);
      // Without a sign: numbers of a damaged file may pass any range.
      for (const std::int64_t bytes : parts) each.fullest.resident += static_cast<std::size_t>(bytes);
      const Rows told = rows_of(numbers[9], i);
      kinds_of_steps.push_back(told.kinds);
      at_peak.push_back(told.peak);
      after.push_back(told.after);
    }
  }

  std::vector<std::string> chain(std::int64_t holder) const {
    std::vector<std::string> names;
    for (std::int64_t at = place(holder, holder_names.size(), "holder"); at >= 0;
         at = place(holder_parents[static_cast<std::size_t>(at)], holder_names.size(), "holder")) {
      if (names.size() == kDeepest) file.fail("a holder of the memory report holds itself");
      names.push_back(holder_names[static_cast<std::size_t>(at)]);
    }
    std::reverse(names.begin(), names.end());
    return names;
  }

  const std::string& kind(std::int64_t row) const {
    return kinds.at(size_of(place(row, kinds.size(), "kind"), "a kind"));
  }

  std::vector<ReportBlocks> blocks(Range range) const {
    std::vector<std::vector<std::int64_t>> numbers;
    for (const char* const name : {"kind", "holder", "count", "bytes", "taken_exposure", "taken_step"}) {
      numbers.push_back(file.integers(layout::kBlocks, name, range.first, range.count));
    }
    std::vector<ReportBlocks> found;
    for (std::size_t i = 0; i < range.count; ++i) {
      found.push_back({kind(numbers[0][i]), chain(numbers[1][i]), numbers[2][i], numbers[3][i],
                       place(numbers[4][i], exposures.size(), "exposure"), place(numbers[5][i], steps.size(), "step")});
    }
    return found;
  }

  ReportColumns file;
  std::vector<std::string> kinds, holder_names;
  std::vector<std::int64_t> holder_parents;
  std::vector<ReportExposure> exposures;
  std::vector<ReportStep> steps;
  std::vector<Range> kinds_of_steps, at_peak, after, left_behind;
};

MemoryReport::MemoryReport(const std::filesystem::path& path) : contents_(std::make_unique<Contents>(path)) {}
MemoryReport::~MemoryReport() = default;
MemoryReport::MemoryReport(MemoryReport&&) noexcept = default;
MemoryReport& MemoryReport::operator=(MemoryReport&&) noexcept = default;

const std::vector<ReportExposure>& MemoryReport::exposures() const noexcept { return contents_->exposures; }
const std::vector<ReportStep>& MemoryReport::steps() const noexcept { return contents_->steps; }
std::int64_t MemoryReport::memory_limit() const { return contents_->file.attribute_integer("memory_limit"); }
std::string MemoryReport::version() const { return contents_->file.attribute_text("version"); }
std::string MemoryReport::started() const { return contents_->file.attribute_text("started"); }
std::string MemoryReport::command() const { return contents_->file.attribute_text("command"); }

std::vector<ReportSample> MemoryReport::samples() const {
  const layout::Table& table = layout::kSamples;
  const Contents& own = *contents_;
  const std::size_t rows = own.file.rows(table);
  const auto times = own.file.reals(table, "time", 0, rows);
  const auto numbers = own.columns(table, rows, {"live", "resident", "virtual", "exposure", "step", "event"});
  std::vector<ReportSample> samples;
  samples.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::int64_t event = numbers[5][i];
    if (event < 0 || event > static_cast<std::int64_t>(SampleEvent::product_ends)) own.file.fail("a sample has no known event");
    samples.push_back({times[i], numbers[0][i], numbers[1][i], numbers[2][i],
                       own.size_of(own.place(numbers[3][i], own.exposures.size(), "exposure"), "an exposure"),
                       own.place(numbers[4][i], own.steps.size(), "step"), static_cast<SampleEvent>(event)});
  }
  return samples;
}

std::vector<KindUse> MemoryReport::kinds(std::size_t step) const {
  const Contents& own = *contents_;
  const Range range = own.kinds_of_steps.at(step);
  std::vector<std::vector<std::int64_t>> numbers;
  for (const char* const name : {"kind", "allocations", "allocated", "live_count", "live_bytes"}) {
    numbers.push_back(own.file.integers(layout::kStepKinds, name, range.first, range.count));
  }
  std::vector<KindUse> found;
  for (std::size_t i = 0; i < range.count; ++i) {
    found.push_back({own.kind(numbers[0][i]), own.size_of(numbers[1][i], "a count"), own.size_of(numbers[2][i], "a size"),
                     own.size_of(numbers[3][i], "a count"), own.size_of(numbers[4][i], "a size")});
  }
  return found;
}

std::vector<ReportBlocks> MemoryReport::blocks_at_peak(std::size_t step) const {
  return contents_->blocks(contents_->at_peak.at(step));
}
std::vector<ReportBlocks> MemoryReport::blocks_after_step(std::size_t step) const {
  return contents_->blocks(contents_->after.at(step));
}
std::vector<ReportBlocks> MemoryReport::blocks_after_exposure(std::size_t exposure) const {
  return contents_->blocks(contents_->left_behind.at(exposure));
}

MemoryReport read_memory_report(const std::filesystem::path& path) { return MemoryReport(path); }

bool is_memory_report(const std::filesystem::path& path) {
  try {
    const ReportColumns columns(path);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace spec2::pipeline
