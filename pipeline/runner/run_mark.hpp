#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/process_identity.hpp"

namespace spec2::pipeline {

/// What a living process is at, as `spec2 status` finds it in the output folder.
struct MarkedWork {
  enum class Kind { run, product };
  Kind kind = Kind::product;
  std::vector<std::string> products;  ///< all of the run, or the one at work
  std::string started;                ///< UTC
  std::string task;                   ///< of a batch: "batch/attempt/task"; empty outside one
  ProcessIdentity process;
};

/// A hidden file of the output folder that is there as long as a process works at a run or a product. It has the name of a
/// temporary file: what a killed process left is removed with the rest of its leftovers. That it cannot be written is no error,
/// since nothing but `spec2 status` looks at it.
class RunMark {
 public:
  RunMark(const std::filesystem::path& folder, MarkedWork::Kind kind, std::vector<std::string> products, std::string task);
  ~RunMark();
  RunMark(const RunMark&) = delete;
  RunMark& operator=(const RunMark&) = delete;

 private:
  std::filesystem::path file_;
  int handle_ = -1;
};

/// A mark that was found. Its process may have ended (`life_of`).
struct FoundMark {
  MarkedWork work;
  std::filesystem::path file;
};

/// All marks in a folder.
std::vector<FoundMark> find_marks(const std::filesystem::path& folder);

/// Of a task that is known to have ended, wherever it ran: removes its marks and whatever else its processes left in the folder.
void remove_left_by_tasks(const std::filesystem::path& folder, std::span<const std::string> tasks);

}  // namespace spec2::pipeline
