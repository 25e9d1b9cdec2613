#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spec2::pipeline::batch {

enum class Engine { slurm, htcondor };
std::string_view to_string(Engine engine) noexcept;
/// Throws Error(user_input) for another name.
Engine engine_of(std::string_view name);

/// What a user asks of the batch system.
struct BatchRequest {
  Engine engine = Engine::slurm;
  std::size_t chunk = 0;             ///< products of a task; 0: one, or as many as make a thousand tasks
  std::size_t max_parallel = 0;      ///< tasks at the same time; 0: as many as the batch system lets
  std::size_t retries = 1;           ///< times that a product is tried again which died or which the system failed
  std::string partition;             ///< of Slurm
  std::string account;               ///< of Slurm; accounting group of HTCondor
  std::string time;                  ///< limit of a task, as Slurm takes it
  std::vector<std::string> options;  ///< more options for sbatch, or lines for the submit file
};

/// All mistakes of the request that can be seen before anything is submitted, as one Error(user_input).
void validate(const BatchRequest& request);

/// Products that go together in one task, and what the task may take.
struct Task {
  std::vector<std::string> products;
  std::size_t memory_mib = 0;  ///< asked of the batch system
};

/// Tasks [first, first + count) that one job array makes; numbers begin with 1.
struct TaskArray {
  std::size_t first = 1;
  std::size_t count = 0;
  std::size_t memory_mib = 0;
  std::string job;  ///< number that the batch system gave; empty: not submitted
};

/// A product to be made, and the largest prediction of its live bytes; 0: it could not be predicted.
struct PredictedProduct {
  std::string name;
  std::size_t peak_bytes = 0;
};

/// Resident memory of the two processes of a task beyond the live bytes of its data: programs, libraries, stacks, heap.
/// Measured: 25 to 31 MiB, 14 of them for the process that watches the other, with one or two threads and up to 30 MiB of data.
constexpr std::size_t kProgramMib = 48;
constexpr std::size_t kThreadMib = 2;
/// Most that freed blocks take which are kept for the next ones (`BlockPool`); counted as a quarter of the data up to this.
/// Measured: 19 MiB for 291 MiB of data.
constexpr std::size_t kKeptBlocksMib = 64;

/// What a task asks whose data take up to `peak_bytes`, and the bound for its data (`--memory`) that goes with what was asked.
std::size_t asked_mib(std::size_t peak_bytes, std::size_t threads);
std::size_t data_mib(std::size_t asked_mib, std::size_t threads);

/// Tasks of at most `chunk` products. Products of like need (within a factor of two) go together, else in the given order. One
/// that could not be predicted is taken for as large as the largest.
std::vector<Task> divide(std::span<const PredictedProduct> products, std::size_t chunk, std::size_t threads);

/// Arrays for the tasks in their order: of at most a thousand (what Slurm allows unless it is told otherwise), and each of tasks
/// of like need, so that asking the largest for all wastes no more than half.
std::vector<TaskArray> arrays_of(std::span<const Task> tasks);

/// One association in the hands of a batch system: what stays the same for all attempts.
struct Batch {
  std::size_t number = 0;  ///< of its folder in the output folder
  BatchRequest request;
  std::string created;  ///< UTC
  std::filesystem::path association;
  std::filesystem::path output_dir;
  std::filesystem::path working_dir;
  std::filesystem::path program;
  std::vector<std::string> run_words;  ///< options of `spec2 run` as the user gave them
  std::size_t threads = 1;
  std::size_t own_limit = 0;  ///< bytes of --memory; 0: the user gave none

  /// "1/0/3": how records and marks name a task.
  std::string label(std::size_t attempt, std::size_t task) const;
  /// For the batch system: "spec2_" and the name of the association in letters that need no quotes.
  std::string job_name() const;
  /// Words of `spec2 run` for these products of a task.
  std::vector<std::string> words_of(const Task& task, const std::vector<std::string>& products, const std::string& label) const;
};

/// One round of tasks. The first has number 0; the next ones have what is tried again.
struct Attempt {
  std::size_t number = 0;
  std::vector<Task> tasks;
  std::vector<TaskArray> arrays;
  std::string gather_job;
};

}  // namespace spec2::pipeline::batch
