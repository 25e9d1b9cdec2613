#include "pipeline/memory_report/report_writer.hpp"

#include <fcntl.h>
#include <hdf5_hl.h>
#include <sys/file.h>
#include <unistd.h>

#include <limits>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/memory_report/hdf5_handle.hpp"
#include "pipeline/memory_report/memory_curve.hpp"
#include "pipeline/memory_report/report_table.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIndexBytes = std::size_t{1} << 20;

std::int64_t limit_of(std::size_t bytes) {
  return bytes > static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()) ? -1 : static_cast<std::int64_t>(bytes);
}

/// That of the operating system; -1 when HDF5 does not tell.
int system_handle(hid_t file) {
  void* handle = nullptr;
  return H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || !handle ? -1 : *static_cast<const int*>(handle);
}

Hdf5Handle create(const fs::path& path, const fs::path& final_path) {
  prepare_hdf5();
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
  // The lists of chunks grow with the run; HDF5 would hold up to 32 MiB of them.
  H5AC_cache_config_t cache{.version = H5AC__CURR_CACHE_CONFIG_VERSION};
  if (H5Pget_mdc_config(access, &cache) >= 0) {
    cache.set_initial_size = 1;
    cache.initial_size = cache.min_size = kIndexBytes;
    cache.max_size = kIndexBytes;
    H5Pset_mdc_config(access, &cache);
  }
  Hdf5Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
  if (file.is_open()) {
    if (const int handle = system_handle(file); handle >= 0) ::fcntl(handle, F_SETFD, FD_CLOEXEC);
    return file;
  }
  throw Error(ErrorCause::system, "the memory report cannot be written", {.file = final_path.string()},
              "Check the folder, its permissions and the free space of the disk");
}

}  // namespace

struct MemoryReportWriter::Contents {
  explicit Contents(Hdf5Handle opened) : file(std::move(opened)) {}

  /// Rows of what the association numbers; -1 for what is not in the report.
  struct Place {
    std::int64_t exposure = -1;
    std::int64_t first_step = -1;
  };

  void write_facts(const RunFacts& facts) const {
    H5LTset_attribute_string(file, "/", "format", layout::kFormat);
    const int version = layout::kVersion;
    H5LTset_attribute_int(file, "/", "format_version", &version, 1);
    H5LTset_attribute_string(file, "/", "version", facts.version.c_str());
    H5LTset_attribute_string(file, "/", "started", facts.started.c_str());
    if (!facts.command.empty()) H5LTset_attribute_string(file, "/", "command", facts.command.c_str());
    const long long limit = limit_of(facts.memory_limit), threads = static_cast<long long>(facts.threads),
                    workers = static_cast<long long>(facts.workers);
    H5LTset_attribute_long_long(file, "/", "memory_limit", &limit, 1);
    H5LTset_attribute_long_long(file, "/", "threads", &threads, 1);
    H5LTset_attribute_long_long(file, "/", "workers", &workers, 1);
    const double period = std::chrono::duration<double>(MemoryCurve::kPeriod).count();
    H5LTset_attribute_double(file, "/", "sample_period", &period, 1);
  }

  Place place_of(std::int64_t product) const {
    const auto at = static_cast<std::size_t>(product);
    return product >= 0 && at < places.size() ? places[at] : Place();
  }

  std::int64_t kind_row(const std::string& name) {
    const auto [place, is_new] = kind_rows.emplace(name, kind_rows.size());
    if (is_new) kinds << std::string_view(name);
    return static_cast<std::int64_t>(place->second);
  }

  /// The account at the end of a chain of names. Accounts of exposures are forgotten with them.
  std::int64_t holder_row(const std::vector<std::string>& chain) {
    if (const auto found = holder_rows.find(chain); found != holder_rows.end()) return found->second;
    const std::int64_t parent = chain.size() < 2 ? -1 : holder_row({chain.begin(), chain.end() - 1});
    const auto row = static_cast<std::int64_t>(holders.rows());
    holders << std::string_view(chain.back()) << parent;
    return holder_rows.emplace(chain, row).first->second;
  }

  void add_blocks(const std::vector<HeldBlocks>& held, std::int64_t exposure, std::int64_t step, int moment) {
    for (const HeldBlocks& each : held) {
      const TakenIn taken = TakenIn::of(each.moment);
      const Place place = place_of(taken.product);
      blocks << exposure << step << std::int64_t{moment} << kind_row(each.kind) << holder_row(each.holders) << each.count
             << each.bytes << place.exposure << (taken.step < 0 || place.first_step < 0 ? -1 : place.first_step + taken.step);
    }
  }

  void add_step(const StepMemory& step, std::int64_t exposure) {
    const auto row = static_cast<std::int64_t>(steps.rows());
    const StepUsage& usage = step.usage;
    std::uint64_t allocations = 0, allocated = 0;
    const std::size_t first_kind = step_kinds.rows(), first_block = blocks.rows();
    for (const KindUse& kind : step.kinds) {
      allocations += kind.allocations;
      allocated += kind.allocated_bytes;
      step_kinds << row << kind_row(kind.kind) << kind.allocations << kind.allocated_bytes << kind.live_count << kind.live_bytes;
    }
    steps << std::string_view(usage.step) << exposure << std::string_view(usage.outcome) << step.began_s << usage.seconds;
    steps << usage.live_before << usage.live_peak << usage.live_after;
    steps << usage.resident_before << usage.resident_peak << usage.resident_after;
    steps << step.virtual_before << step.virtual_peak << step.virtual_after;
    steps << usage.estimate << limit_of(usage.budget) << allocations << allocated;
    for (const std::int64_t bytes : step.fullest.parts) steps << bytes;
    steps << first_kind << step.kinds.size() << first_block << step.at_peak.size() << step.after.size();
    add_blocks(step.at_peak, exposure, row, 1);
    add_blocks(step.after, exposure, row, 2);
  }

  void add_samples(const ProductMemory& product, std::int64_t exposure, std::int64_t first_step) {
    for (const MemorySample& each : product.samples) {
      samples << each.time_s << each.live << each.resident << each.virtual_size << exposure
              << (each.step < 0 ? std::int64_t{-1} : first_step + each.step) << static_cast<std::int64_t>(each.event);
    }
  }

  void add(const ProductMemory& product) {
    const Place place{static_cast<std::int64_t>(exposures.rows()), static_cast<std::int64_t>(steps.rows())};
    if (places.size() <= product.product) places.resize(product.product + 1);
    places[product.product] = place;
    for (const StepMemory& step : product.steps) add_step(step, place.exposure);
    add_samples(product, place.exposure, place.first_step);
    const std::size_t first_block = blocks.rows();
    add_blocks(product.held_after, place.exposure, -1, 2);
    exposures << std::string_view(product.name) << std::string_view(product.outcome) << product.process << product.began_s
              << product.seconds << product.after.live << product.after.resident << product.after.virtual_size;
    for (const std::int64_t bytes : product.after.parts) exposures << bytes;
    exposures << step_kinds.rows() << std::size_t{0} << first_block << std::size_t{0} << product.held_after.size();
    // What has the account of a later exposure is another one, whatever its name.
    std::erase_if(holder_rows, [](const auto& each) { return each.first.size() > 1; });
  }

  void flush() {
    for (ReportTable* const table : {&samples, &steps, &exposures, &kinds, &step_kinds, &blocks, &holders}) table->flush();
  }

  Hdf5Handle file;
  ReportTable samples{file, layout::kSamples};
  ReportTable steps{file, layout::kSteps};
  ReportTable exposures{file, layout::kExposures};
  ReportTable kinds{file, layout::kKinds};
  ReportTable step_kinds{file, layout::kStepKinds};
  ReportTable blocks{file, layout::kBlocks};
  ReportTable holders{file, layout::kHolders};
  std::map<std::string, std::size_t> kind_rows;
  std::map<std::vector<std::string>, std::int64_t> holder_rows;
  std::vector<Place> places;
};

MemoryReportWriter::MemoryReportWriter(fs::path path, const RunFacts& facts)
    : path_(std::move(path)), temporary_(path_.string() + fmt::format(".{}.part", ::getpid())) {
  try {
    contents_ = std::make_unique<Contents>(create(temporary_, path_));
    contents_->write_facts(facts);
  } catch (...) {
    std::error_code ignored;
    contents_.reset();
    fs::remove(temporary_, ignored);
    throw;
  }
}

MemoryReportWriter::~MemoryReportWriter() {
  if (!contents_) return;
  contents_.reset();
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void MemoryReportWriter::append(const ProductMemory& product) { contents_->add(product); }

void MemoryReportWriter::finish() {
  contents_->flush();
  Hdf5Handle file = std::move(contents_->file);
  contents_.reset();
  std::error_code code;
  // HDF5 locks the file, and worker processes have it open too: the lock would last as long as they do.
  if (const int handle = system_handle(file); handle >= 0) ::flock(handle, LOCK_UN);
  if (file.close() >= 0) {
    fs::rename(temporary_, path_, code);
    if (!code) return;
  } else {
    code = std::make_error_code(std::errc::io_error);
  }
  const std::string why = code.message();
  fs::remove(temporary_, code);
  throw Error(ErrorCause::system, "the memory report cannot be written: " + why, {.file = path_.string()},
              "Check the folder, its permissions and the free space of the disk");
}

}  // namespace spec2::pipeline
