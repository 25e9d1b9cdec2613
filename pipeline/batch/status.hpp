#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/batch/batch.hpp"

namespace spec2::pipeline::batch {

/// `stopped`: the run that was to make the product ended before, and nobody will make it now.
enum class ProductState { waiting, running, done, skipped, failed, stopped };
std::string_view to_string(ProductState state) noexcept;

struct ProductStatus {
  std::string name;
  ProductState state = ProductState::waiting;
  std::string reason;             ///< why it waits, failed or was skipped; where it runs
  int exit_code = 0;              ///< of a failure
  double seconds = 0.0;           ///< it took; of a running one, since it began
  std::string task;               ///< of a batch: "batch/attempt/task"
  std::string job;                ///< as the batch system names it; empty when it was not asked
  std::size_t asked_mib = 0;      ///< of the batch system
  std::size_t peak_resident = 0;  ///< bytes it took; 0: not known
};

struct BatchStatus {
  std::size_t number = 0;
  Engine engine = Engine::slurm;
  std::string association;
  std::size_t attempt = 0;  ///< the last one, from 0
  std::size_t retries = 0;
  bool is_gathered = false;
  std::vector<std::string> jobs;  ///< of the last attempt; empty when it was not submitted
};

struct FolderStatus {
  std::filesystem::path folder;
  std::vector<BatchStatus> batches;
  std::vector<ProductStatus> products;

  std::size_t count(ProductState state) const;
  /// 75 while something waits or runs, else 0, else the code of the first product that failed or was stopped.
  int exit_code() const;
};

/// The state of what runs, or ran, into a folder, from its record, its batches and the marks of living processes; batch systems
/// are asked where they are. Nothing is changed. Throws Error(user_input) when nothing ever ran into it.
FolderStatus folder_status(const std::filesystem::path& folder);

std::string to_text(const FolderStatus& status);
std::string to_json(const FolderStatus& status);

}  // namespace spec2::pipeline::batch
