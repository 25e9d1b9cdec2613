#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/file_checksum.hpp"
#include "core/log.hpp"
#include "pipeline/report/memory_table.hpp"

namespace spec2::pipeline {

/// A file as it was when it was read or written.
struct RecordedFile {
  std::string path;      ///< of a product: relative to the output folder when it lies in it
  std::string role;      ///< "science", "background", "selfcal"; of a reference its type
  FileState state;
  std::string checksum;  ///< see file_checksum; empty: not known
};

/// The path of an input as records have it: absolute, without detours.
std::string recorded_path(const std::filesystem::path& file);

/// What is kept of one product: what it was made from, what came of it.
struct ProductRecord {
  std::string name;
  std::string status;  ///< "done", "failed" or "skipped"
  std::string error;   ///< why it failed or was skipped
  int exit_code = 0;   ///< of a failure: as of a run of this product alone; 128 and the signal when its process was killed
  std::string task;    ///< of a batch that made it, "batch/attempt/task"; empty outside one
  std::string version; ///< of the program
  std::string started;
  std::string ended;
  double seconds = 0.0;
  std::map<std::string, std::string> settings;    ///< association, pool, context, save_steps
  std::map<std::string, std::string> parameters;  ///< that differ from their defaults, by dotted path
  std::vector<RecordedFile> inputs;
  std::map<std::string, std::string> references;  ///< name of the file, or "N/A", by type
  std::vector<RecordedFile> reference_files;
  std::vector<RecordedFile> products;
  std::vector<StepUsage> steps;
};

/// As JSON, and back. Throws Error(data) when the text is no such record.
std::string to_json(const ProductRecord& record);
ProductRecord product_record(std::string_view json);

/// The file spec2_run.json of an output folder: products that runs into this folder made. It always is a whole file, also when
/// several runs write it at the same time: each adds its products to those of the others. A product is a line of it, so that it
/// is copied and not held: a run of thousands needs no more memory than one of ten.
class RunRecord {
 public:
  static constexpr const char* kFileName = "spec2_run.json";

  /// Looks up what there is. A file that cannot be read is told as a warning and begun anew.
  RunRecord(std::filesystem::path folder, std::vector<std::string> command, Log log);

  /// As it was when this run began; nothing when the product was not known. Throws Error(data) when its record is damaged.
  std::optional<ProductRecord> find(std::string_view product) const;

  /// Takes up a product. The file is written at once, unless writing it takes so long (thousands of products) that it is put
  /// off: in all, at most a twentieth of the time goes into it. What a killed run had not written is done again by the next.
  /// A file that cannot be written is a warning: the products are there, but the next run cannot know it.
  /// With no `products_left` the run ends with this one.
  void put(const ProductRecord& product, std::size_t products_left);
  /// Of a run that ends before its last product: writes what was put off, and the time.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  struct Place {
    std::streamoff start;
    std::size_t length;
  };
  void look_up();
  void write(bool is_end);
  void write_file(bool is_end);

  std::filesystem::path folder_;
  std::vector<std::string> command_;
  Log log_;
  std::string started_;
  mutable std::ifstream earlier_;                         ///< the file as it was found, also when it is replaced
  std::map<std::string, Place, std::less<>> places_;      ///< of products in it
  std::map<std::string, std::string> pending_;            ///< to be written: JSON by name
  Clock::time_point written_at_;
  Clock::duration write_took_{};
  bool is_ended_ = true;
};

/// Reads the record of a folder, product by product; nothing when there is none. Throws Error(data).
void for_each_product(const std::filesystem::path& folder, const std::function<void(const ProductRecord&)>& take);

/// The time in UTC, "2026-01-31T12:00:00.123Z".
std::string time_text(std::chrono::system_clock::time_point time);

}  // namespace spec2::pipeline
