#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "pipeline/memory_report/product_memory.hpp"

namespace spec2::pipeline {

/// What a memory report says of the run as a whole.
struct RunFacts {
  std::string version;
  std::string started;              ///< date and time
  std::string command;
  std::size_t memory_limit = 0;
  std::size_t threads = 1;
  std::size_t workers = 0;
};

/// Writes the memory of the products of a run to HDF5 (docs/memory.md), as they end. The file has another name until it is
/// finished. What is held in memory does not grow with the products, but for two numbers each. All throw Error(system).
class MemoryReportWriter {
 public:
  MemoryReportWriter(std::filesystem::path path, const RunFacts& facts);
  /// An unfinished file is removed.
  ~MemoryReportWriter();
  MemoryReportWriter(const MemoryReportWriter&) = delete;
  MemoryReportWriter& operator=(const MemoryReportWriter&) = delete;

  void append(const ProductMemory& product);
  /// Gives the file its name.
  void finish();

 private:
  struct Contents;
  std::filesystem::path path_, temporary_;
  std::unique_ptr<Contents> contents_;
};

}  // namespace spec2::pipeline
