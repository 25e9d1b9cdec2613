#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/file_checksum.hpp"
#include "datamodels/io/write_product.hpp"
#include "pipeline/runner/output_place.hpp"
#include "steps/step.hpp"

namespace spec2::pipeline {

/// A file that has its name.
struct WrittenFile {
  std::filesystem::path path;
  std::string checksum;  ///< see file_checksum
};

/// Files of a product: written under temporary names, and named together at the end.
class PendingFiles {
 public:
  explicit PendingFiles(const Parallel& parallel) : parallel_(parallel) {}
  /// Writes the exposure and gives the name the file will have. The folder is made when it is not there. Blocks of a series go
  /// to one file, the first of them before the others, which may come from several threads; what has no integrations and
  /// comes with every block is written once.
  std::filesystem::path add(const Exposure& exposure, const OutputPlace& place, std::string_view suffix, bool is_block);
  /// Gives the files their names, all or none.
  std::vector<WrittenFile> commit();

 private:
  struct File {
    std::filesystem::path path;
    std::optional<io::ProductFile> written;
    std::optional<io::SeriesProduct> series;
    WorkAhead begun_sync;              ///< after what it works on
    std::optional<ChecksumAhead> sum;  ///< of what was written
  };
  File* find(const std::filesystem::path& path);
  void keep(File& file, io::ProductFile written);

  const Parallel& parallel_;
  std::deque<File> files_;  ///< which stay where they are
};

/// What a step writes beside its result.
class StepFiles final : public SideProducts {
 public:
  StepFiles(PendingFiles& files, OutputPlace place, bool is_block)
      : files_(files), place_(std::move(place)), is_block_(is_block) {}
  void write(const Exposure& exposure, std::string_view suffix) override { files_.add(exposure, place_, suffix, is_block_); }

 private:
  PendingFiles& files_;
  OutputPlace place_;
  bool is_block_;
};

}  // namespace spec2::pipeline
