#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cancel.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/memory/account.hpp"
#include "pipeline/chain/chain.hpp"
#include "pipeline/config/parameter_set.hpp"
#include "pipeline/report/memory_table.hpp"
#include "pipeline/report/progress.hpp"

namespace spec2::pipeline {

/// What a user asks for: the same options from the command line and from a library call.
struct RunOptions {
  std::filesystem::path input;                ///< level-2b association (JSON) or one rate or rateints file
  std::filesystem::path config_file;          ///< --cfg: ConfigObj or ASDF; empty: defaults
  std::vector<std::string> settings;          ///< --set "step.parameter=value"
  std::vector<std::string> overrides;         ///< --override "type=file"
  std::vector<std::string> words;             ///< parameters in the peer's form: "--steps.flat_field.skip=true"
  std::vector<std::string> products;          ///< --product: names of those to be made; empty: all of the association
  std::filesystem::path output_dir;           ///< empty: the current folder
  std::size_t threads = 1;
  std::size_t memory_limit = Account::kUnlimited;          ///< bytes of the whole run
  std::size_t reference_cache_limit = std::size_t{96} << 20;  ///< bytes of reference models kept between products
  std::size_t workers = 0;                    ///< processes that make products at the same time; 0: this process makes them all
  std::size_t recycle_after = 0;              ///< products after which a worker is replaced; 0: never
  std::size_t recycle_above = 0;              ///< resident bytes above which a worker is replaced after a product; 0: never
  std::size_t retries = 0;                    ///< times that a product is tried again whose worker died, or the system failed
  bool save_steps = false;                    ///< write the result of every step that ran
  bool resume = false;                        ///< products of an earlier run that are done and still valid are kept
  std::filesystem::path memory_report;        ///< HDF5 file that tells who held which memory; empty: none
  std::vector<std::string> command;           ///< that started the run, for its record
  std::string task;                           ///< of a batch, "batch/attempt/task", for the record and the marks of what runs
  bool allow_hooks = false;                   ///< commands of pre_hooks and post_hooks may run
  std::filesystem::path crds_path;            ///< empty: $CRDS_PATH
  std::string crds_context;                   ///< empty: $CRDS_CONTEXT, else the operational one of the cache
  bool use_crds_parameters = true;            ///< parameter references (pars-*)
  bool keep_details = true;  ///< files and steps in the report; without, thousands of products leave little behind
};

enum class ProductOutcome { done, skipped, failed };
std::string_view to_string(ProductOutcome outcome) noexcept;

struct ProductResult {
  std::string name;
  ProductOutcome outcome = ProductOutcome::failed;
  std::string reason;                 ///< why it was skipped or failed
  bool is_kept = false;               ///< done by an earlier run
  double seconds = 0.0;
  std::optional<ErrorCause> cause;    ///< of a failure
  std::vector<std::filesystem::path> files;
  std::vector<StepUsage> steps;
  std::size_t live_after = 0;         ///< bytes live in the run after the product
  std::size_t resident_after = 0;
};

/// Who follows a run. Members may be null.
struct RunObservers {
  LogSink* log = nullptr;
  Progress* progress = nullptr;
  const CancelToken* cancel = nullptr;
  /// Called when a product has ended, with all that the report will say of it.
  std::function<void(const ProductResult&)> product_ended;
  /// Called with the account of the run before anything is charged (fault injection, samplers).
  std::function<void(Account&)> account_made;
};

struct RunReport {
  std::vector<ProductResult> products;
  std::size_t peak_live = 0;
  std::size_t peak_resident = 0;
  bool interrupted = false;  ///< a signal came before all products had ended
  std::optional<ErrorCause> memory_report_failure;  ///< why there is no memory report that was asked for
  /// 0 when nothing failed, else the code of the first failure.
  int exit_code() const;
};

/// Runs all products of the association. A failing product does not stop the others; an interruption does. Throws Error
/// for what concerns the run as a whole (options, association, reference cache).
RunReport run(const RunOptions& options, const RunObservers& observers = {});

/// Parameters that the first product runs with: what the user gave, over the parameter references of its exposure.
ParameterSet used_parameters(const RunOptions& options);

/// A reference of a product as selected by the rules.
struct PlannedReference {
  std::string type;
  std::string file;     ///< name, "N/A", or empty when none was found
  bool present = false; ///< in the local cache, or not needed
  std::string message;
};

/// Predicted bytes of one step.
struct PlannedMemory {
  std::size_t before = 0;
  std::size_t peak = 0;
  std::size_t after = 0;
};

struct ProductPlan {
  std::string name;
  std::string science;                     ///< path of the science member
  std::vector<PlannedStep> steps;
  std::vector<PlannedMemory> memory;       ///< one for each step; empty when the WCS could not be made
  std::size_t integrations = 1;            ///< of the science member
  std::size_t block_integrations = 1;      ///< that go through the chain together
  std::size_t blocks_peak = 0;             ///< predicted bytes of the blocks after the first, where there are several
  std::vector<PlannedReference> references;
  std::string problem;                     ///< why the product would fail; empty when it would run
  std::optional<ErrorCause> cause;
};

/// What `run` would do, product by product; reads headers and WCS references only and writes nothing.
std::vector<ProductPlan> plan(const RunOptions& options, const RunObservers& observers = {});

/// The plan as text for the command line.
std::string plan_text(const std::vector<ProductPlan>& plans);

}  // namespace spec2::pipeline
