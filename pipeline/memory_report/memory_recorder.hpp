#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/memory/account.hpp"
#include "core/memory/ledger.hpp"
#include "pipeline/memory_report/memory_curve.hpp"
#include "pipeline/memory_report/product_memory.hpp"

namespace spec2::pipeline {

/// Notes for a memory report what the products of a run take, one product at a time: keeps the ledger of the run's accounts and a
/// thread that samples the process. What it holds goes with each product, so that it does not grow with their number.
class MemoryRecorder {
 public:
  /// `run` is the root account; nothing is charged to it yet. Times are counted from `began`.
  MemoryRecorder(Account& run, std::chrono::steady_clock::time_point began);

  void begin_product(std::size_t index, const std::string& name);
  /// A step begins with loading what it needs.
  void begin_step(const std::string& name);
  /// The peak of the step is counted from here, as that of the accounts.
  void begin_peak();
  void end_step(const StepUsage& usage);
  /// When all of the product is given back. A step that did not end is told with the outcome of the product.
  ProductMemory end_product(const std::string& outcome);

 private:
  const std::vector<HeldBlocks>& held();
  std::vector<KindUse> kinds_since_begin();

  Account& run_;
  Ledger ledger_;
  MemoryCurve curve_;
  ProductMemory product_;
  StepMemory step_;
  bool in_step_ = false;
  std::vector<KindTotals> before_;  ///< of the kinds, when the step began
  std::uint64_t changes_ = 0;       ///< of the ledger, when `held_` was asked for
  std::vector<HeldBlocks> held_;
  PeriodicCall sampler_;            ///< last, so that it ends first
};

}  // namespace spec2::pipeline
