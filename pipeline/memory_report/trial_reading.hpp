#pragma once

#include <filesystem>

namespace spec2::pipeline {

/// Reads a whole memory report in a process of its own first: HDF5 (1.10) can crash over a file that was damaged in the right
/// place, which then costs that process only. For programs with one thread. Throws Error(data) for a file that ended the process;
/// what else is wrong with a file is told by reading it.
void try_reading(const std::filesystem::path& path);

/// `is_memory_report` asked in a process of its own; false for a file that ended it.
bool is_memory_report_on_trial(const std::filesystem::path& path);

}  // namespace spec2::pipeline
