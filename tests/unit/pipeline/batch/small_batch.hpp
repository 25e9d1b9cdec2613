#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "pipeline/batch/batch.hpp"
#include "pipeline/batch/batch_files.hpp"

namespace spec2::pipeline::batch::test {

/// An output folder that goes away.
class OutputFolder {
 public:
  OutputFolder() {
    char name[] = "/tmp/spec2_batch_XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~OutputFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A batch of two tasks, three products, in `output_dir`.
inline Batch small_batch(const std::filesystem::path& output_dir, Engine engine = Engine::slurm) {
  Batch batch;
  batch.number = 1;
  batch.request.engine = engine;
  batch.request.retries = 2;
  batch.created = "2026-01-31T12:00:00.000Z";
  batch.association = "/data/night 1/asn's.json";
  batch.output_dir = output_dir;
  batch.working_dir = "/home/me";
  batch.program = "/opt/spec2/bin/spec2";
  batch.run_words = {"--set=photom.skip=true"};
  batch.threads = 2;
  return batch;
}

inline Attempt small_attempt() {
  Attempt attempt;
  attempt.tasks = {{{"a", "b"}, 60}, {{"c"}, 62}};
  attempt.arrays = arrays_of(attempt.tasks);
  return attempt;
}

}  // namespace spec2::pipeline::batch::test
