#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/cancel.hpp"
#include "core/log.hpp"
#include "core/memory/account.hpp"
#include "core/parallel.hpp"
#include "datamodels/exposure.hpp"
#include "datamodels/io/read_exposure.hpp"
#include "datamodels/references/reference_cache.hpp"
#include "steps/prepared.hpp"

namespace spec2 {

/// A set of plane kinds: what a step needs to find and what it adds.
class PlaneSet {
 public:
  constexpr PlaneSet() = default;
  constexpr PlaneSet(std::initializer_list<PlaneKind> kinds) {
    for (const PlaneKind kind : kinds) bits_ |= bit(kind);
  }
  constexpr bool has(PlaneKind kind) const { return (bits_ & bit(kind)) != 0; }
  constexpr PlaneSet operator|(PlaneSet other) const {
    other.bits_ |= bits_;
    return other;
  }

 private:
  static constexpr unsigned bit(PlaneKind kind) { return 1u << static_cast<unsigned>(kind); }
  unsigned bits_ = 0;
};

/// What is fixed about a step.
struct StepInfo {
  std::string_view name;            ///< the peer's: "flat_field"
  std::string_view status_keyword;  ///< "S_FLAT"
  PlaneSet needs;
  PlaneSet provides;
  bool on_by_default = true;
};

enum class StepStatus { complete, skipped, failed };
std::string_view to_string(StepStatus status) noexcept;  ///< "COMPLETE", "SKIPPED", "FAILED": the value of S_<STEP>

/// What a step gives back. A skipped step gives its exposure back unchanged, with the reason.
struct StepResult {
  Exposure exposure;
  StepStatus status = StepStatus::complete;
  std::string reason;
};

/// Sizes from which a step predicts its memory before anything is read.
struct ExposureShape {
  std::string exp_type;
  PlaneShape image;              ///< of the input planes
  std::vector<PlaneShape> slits; ///< expected cutouts; empty before extract_2d is known
  std::size_t backgrounds = 0;   ///< background members
  bool backgrounds_by_rows = false;  ///< their planes are not held
  std::size_t threads = 1;
  bool in_blocks = false;        ///< `image` and `slits` are of one block of integrations, and steps keep what they prepare
  std::size_t wcs_bytes = 256u << 10;  ///< records and tables of the transforms; what they take at most until they are there
};

/// Bytes beyond what the exposure holds when the step begins: the peak is what is held then + added + scratch.
struct MemoryEstimate {
  std::size_t added = 0;     ///< new planes that stay
  std::size_t scratch = 0;   ///< given back at the end of the step
  std::size_t released = 0;  ///< of the input, given back at the end of the step
  std::size_t kept = 0;      ///< part of `added` that the planes do not take with them: references in the cache, what is prepared
  std::size_t references = 0;  ///< part of `kept`: what `read_references` reads
};

/// Reference files of the exposure being processed.
class References {
 public:
  virtual ~References() = default;
  /// Path of the file of this type ("photom"); empty when the type is N/A for the exposure. The first question for a type
  /// records R_<TYPE> in the products. Throws Error(reference) when a file is chosen but missing in the cache.
  virtual std::optional<std::string> path(std::string_view type) = 0;
  virtual ReferenceCache& cache() = 0;
};

/// Files a step writes beside the products (`save_interpolated_flat`, masks, noise, profiles).
class SideProducts {
 public:
  virtual ~SideProducts() = default;
  /// Writes `exposure` as <product>_<suffix>.fits.
  virtual void write(const Exposure& exposure, std::string_view suffix) = 0;
};

struct StepContext;

/// Spectra of a time series that has only its WCS yet, for steps that must know how bright the target is in each integration:
/// what extract_2d and extract_1d give of a point source with the parameters that CRDS has for them.
class DraftSpectra {
 public:
  virtual ~DraftSpectra() = default;
  /// By integration; empty when there are none. `context` is that of the step that asks.
  virtual std::vector<Spectrum> extract(const Exposure& exposure, StepContext& context) const = 0;
};

/// All that a step may use besides its exposure and its configuration.
struct StepContext {
  Account& account;              ///< of this step; new planes are charged to it
  Log log;
  const Parallel& parallel;
  const CancelToken& cancel;
  References& references;
  SideProducts& side_products;
  /// Background members of the association, prepared as the peer prepares them (clean_flicker_noise when it is on), in the
  /// order of the association; empty for steps that do not use them. Same for selfcal members.
  std::span<Exposure> backgrounds = {};
  std::span<Exposure> selfcals = {};
  /// Budget of this step in bytes; a step that can tile keeps its scratch below.
  std::size_t memory_budget = Account::kUnlimited;
  /// Null unless the exposure comes in blocks of integrations.
  Prepared* prepared = nullptr;
  /// Null for modes without.
  const DraftSpectra* draft_spectra = nullptr;
  /// Files of the background members when the headers alone are held.
  std::span<io::ExposureFile> background_files = {};

  /// What holds for all integrations of a slit, made by make(account): anew, or once for all blocks.
  template <class T, class Make>
  std::shared_ptr<const T> prepare(std::size_t slit, Make&& make) {
    if (prepared) return prepared->get<T>(slit, make);
    return std::make_shared<const T>(make(account));
  }
  /// The same as a value of the caller's own: what is kept for later blocks is copied by its clone(account).
  template <class T, class Make>
  T prepare_copy(std::size_t slit, Make&& make) {
    if (prepared) return prepared->get<T>(slit, make)->clone(account);
    return make(account);
  }
};

/// One step of the chain. Holds its configuration and nothing else: `run` is const, so a product's outcome cannot change
/// the next one's.
class Step {
 public:
  virtual ~Step() = default;
  virtual const StepInfo& info() const = 0;
  virtual MemoryEstimate estimate(const ExposureShape& shape) const = 0;
  /// Reads into the cache references that `run` will use, without the exposure: done while earlier steps are at work. What it
  /// does not read, or fails to, `run` does.
  virtual void read_references(References&) const {}
  /// Takes the exposure and gives it back. Throws Error; what can be skipped by the peer's rules is skipped with a reason.
  virtual StepResult run(Exposure exposure, StepContext& context) const = 0;
  /// True when each integration of a series comes out the same whichever others are held with it, but for what the step
  /// prepares from the first block (`StepContext::prepare`). The blocks after the first are run at the same time.
  virtual bool works_by_integration() const { return false; }
};

/// A result for a step that leaves the exposure as it is.
inline StepResult skipped(Exposure exposure, std::string reason) {
  return {std::move(exposure), StepStatus::skipped, std::move(reason)};
}

}  // namespace spec2
