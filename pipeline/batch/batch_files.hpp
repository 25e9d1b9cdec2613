#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/batch/batch.hpp"

namespace spec2::pipeline::batch {

/// The folder of an output folder that holds one folder for each batch, `spec2_batch/1` ..., with
/// `batch.json` (what stays), `attempt_0.json` ... (tasks, what they ask, their jobs), `gathered.json` (what came of it), the
/// scripts for the batch system, and `logs`.
constexpr const char* kBatchesFolder = "spec2_batch";

std::filesystem::path batch_folder(const std::filesystem::path& output_dir, std::size_t number);

/// Makes the next free folder and gives its number. Throws Error(system).
std::size_t make_batch_folder(const std::filesystem::path& output_dir);

/// Numbers of the batches in an output folder, in order.
std::vector<std::size_t> batch_numbers(const std::filesystem::path& output_dir);

/// A file that is whole or not there, also after a crash. Throws Error(system).
void write_whole_file(const std::filesystem::path& file, const std::string& text);

void write_batch(const Batch& batch);
void write_attempt(const Batch& batch, const Attempt& attempt);

/// Throws Error(user_input) when the folder is none of a batch, Error(data) when its files are damaged.
Batch read_batch(const std::filesystem::path& folder);
Attempt read_attempt(const Batch& batch, std::size_t number);
/// The last one that was begun.
Attempt last_attempt(const Batch& batch);
bool has_attempt(const Batch& batch, std::size_t number);

/// The gather job has had its last word: what is not done then will not be done by this batch.
bool is_gathered(const Batch& batch);
void mark_gathered(const Batch& batch, const std::string& summary);

}  // namespace spec2::pipeline::batch
