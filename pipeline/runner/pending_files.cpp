#include "pipeline/runner/pending_files.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "pipeline/runner/product_run.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline {

namespace fs = std::filesystem;

PendingFiles::File* PendingFiles::find(const fs::path& path) {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& file) { return file.path == path; });
  return found == files_.end() ? nullptr : &*found;
}

fs::path PendingFiles::add(const Exposure& exposure, const OutputPlace& place, std::string_view suffix, bool is_block) {
  fs::path path = output_folder(place.folder) / place.root.file_name(suffix);
  const io::ProductOrigin origin{fmt::format("spec2 {}", kVersion), {}};
  // The list grows with the first block only, before others are at work.
  if (File* const file = is_block ? find(path) : nullptr) {
    if (!file->series) return path;
    file->series->append(exposure);
    return path;
  }
  if (exposure.block.first > 0) {
    throw Error(ErrorCause::internal, "a file of a series was not begun with its first block", {.file = path.string()});
  }
  File& file = files_.emplace_back();
  file.path = path;
  if (exposure.block.is_part() && exposure.has_integrations()) file.series.emplace(exposure, path, origin);
  else keep(file, io::write_product(exposure, path, origin, io::FileSystem::system(), parallel_));
  return path;
}

/// It is complete: the disk is set to work on it at once, and threads with nothing else to do sum it.
void PendingFiles::keep(File& file, io::ProductFile written) {
  file.written.emplace(std::move(written));
  file.begun_sync = parallel_.ahead([&file] { file.written->begin_sync(); });
  if (parallel_.threads() == 1) file.begun_sync.finish();
  file.sum.emplace(file.written->temporary_path(), parallel_);
}

std::vector<WrittenFile> PendingFiles::commit() {
  for (File& file : files_) {
    if (file.series) keep(file, std::move(*file.series).finish());
  }
  parallel_.for_each(files_.size(), [&](std::size_t i) {
    files_[i].begun_sync = {};  // settling does that, too
    files_[i].written->settle();
  });
  std::vector<io::ProductFile> finished;
  for (File& file : files_) finished.push_back(std::move(*file.written));
  std::vector<WrittenFile> written;
  for (File& file : files_) written.push_back({file.path, file.sum->finish()});
  io::name_together(finished);
  files_.clear();
  return written;
}

}  // namespace spec2::pipeline
