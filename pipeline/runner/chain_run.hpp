#pragma once

#include <filesystem>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datamodels/io/read_exposure.hpp"
#include "pipeline/runner/pending_files.hpp"
#include "pipeline/runner/product_run.hpp"

namespace spec2::pipeline {

/// What the steps of a chain prepare from the first block of a series, one for each step.
using PreparedSteps = std::list<Prepared>;

/// What the runs of a chain over one exposure share.
struct ChainContext {
  const ProductSetup& setup;
  const RunResources& run;
  Account& account;             ///< of the exposure
  PendingFiles& files;
  std::vector<PlannedMemory>& estimates;  ///< of each step; empty until the WCS is known
};

/// An exposure, or a block of its integrations, on its way through the chain: loads what steps need, runs them, writes what
/// is to be saved, measures.
class ChainRun {
 public:
  ChainRun(const ChainContext& context, Exposure exposure);
  /// The same for a block; `prepared` is null for a whole exposure. `measures_memory` is false for blocks that are run at the
  /// same time, of which only the times are told.
  ChainRun(const ChainContext& context, Exposure block, std::size_t integrations, PreparedSteps& prepared, bool measures_memory);

  /// The first step looks at headers only; whether the planes then come whole or in blocks depends on what it finds. Throws
  /// Error with step and exposure, as all of these.
  void run_first();
  /// All other steps. What the first gave is saved here, where that is wanted, as saving it needs the planes.
  void run_others();

  const Exposure& exposure() const noexcept { return exposure_; }
  std::span<const StepUsage> usage() const noexcept { return usage_; }
  std::vector<StepUsage> take_usage() noexcept { return std::move(usage_); }

 private:
  void run_step(std::size_t i);
  void write_calibrated_once();
  void skip_step(const PlannedStep& planned);
  StepUsage begin_usage(const std::string& step) const;
  void execute(std::size_t i, const PlannedStep& planned, const Step& step);
  std::string apply(std::size_t i, const PlannedStep& planned, const Step& step, std::size_t budget);

  void begin_reading(bool planes, std::string_view step);
  std::size_t begin_reading_ahead();
  std::size_t begin_reading_images();
  void begin_reading_references();
  void finish_reading_ahead();
  void load_images(bool planes, std::string_view step);
  void release_members(const std::string& step);
  void call_hooks(const std::string& step, const char* when, const Log& log);
  void clean_backgrounds(const PlannedStep& planned, const Step& step, const StepContext& of_science);

  bool is_saved(const std::string& step) const;
  void save(const PlannedStep& planned, StepStatus status);
  std::string suffix_of(const std::string& step) const;
  OutputPlace place_of(const std::string& step) const;
  OutputPlace member_place(const std::string& step, const std::filesystem::path& member) const;
  void write(const OutputPlace& place, const std::string& suffix);
  std::filesystem::path background_file(std::size_t i) const;
  bool is_block() const noexcept { return prepared_ != nullptr; }
  /// Null without a memory report, and for blocks whose memory is not told.
  MemoryRecorder* memory() const noexcept { return measures_memory_ ? run_.memory : nullptr; }

  ChainContext context_;
  const ProductSetup& setup_;
  const RunResources& run_;
  OutputPlace products_;
  Exposure exposure_;
  std::size_t integrations_;           ///< to be read
  PreparedSteps* prepared_ = nullptr;
  bool measures_memory_ = true;
  std::vector<Exposure> backgrounds_;
  std::vector<io::ExposureFile> background_files_;  ///< of members of which only the header is held
  std::vector<Exposure> selfcals_;
  Exposure images_;                     ///< planes of the exposure while they are read
  std::optional<io::ReadingAhead> reading_;  ///< after what it reads into
  std::vector<WorkAhead> references_ahead_;  ///< one for each step, or none
  std::filesystem::path science_file_;  ///< under which the exposure was read or last written
  bool planes_loaded_ = false;
  bool calibrated_written_ = false;
  std::vector<StepUsage> usage_;
};

}  // namespace spec2::pipeline
