#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace spec2::test {

/// What a run of a program left behind.
struct ProgramResult {
  int exit_code = -1;
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

/// Runs a program with words and waits. `environment` entries "NAME=value" are added to that of the test.
ProgramResult run_program(const std::vector<std::string>& words, const std::vector<std::string>& environment = {});

/// A scratch copy of the sample of data/ that a test may damage: association and rate file, references shared.
class SampleCase {
 public:
  SampleCase();
  ~SampleCase();
  SampleCase(const SampleCase&) = delete;
  SampleCase& operator=(const SampleCase&) = delete;

  std::filesystem::path folder() const { return folder_; }
  std::filesystem::path asn() const { return folder_ / "asn.json"; }
  std::filesystem::path rate() const { return folder_ / kRate; }
  std::filesystem::path output() const { return folder_ / "products"; }
  static std::filesystem::path crds();
  static std::filesystem::path golden();

  /// `spec2 run asn.json --output-dir products` with more words.
  ProgramResult run(const std::vector<std::string>& more = {}) const;
  /// Names of the files in the output folder, sorted, without the record of the run.
  std::vector<std::string> products() const;

  /// Makes the association one of `count` products, each of a copy of the rate file. Gives their names.
  std::vector<std::string> repeat_product(std::size_t count) const;

  /// Changes a header card of the rate file: `hdu` is an EXTNAME or "PRIMARY".
  void set_keyword(const std::string& hdu, const std::string& keyword, const std::string& value) const;
  void set_keyword(const std::string& hdu, const std::string& keyword, double value) const;
  void remove_keyword(const std::string& hdu, const std::string& keyword) const;
  void remove_hdu(const std::string& hdu) const;
  /// Every pixel of a float plane of the rate file is set to `value`.
  void fill_plane(const std::string& hdu, float value) const;

  static constexpr const char* kRate = "jw09001003001_02101_00001_nrs2_rate.fits";
  static constexpr const char* kProduct = "jw09001003001_02101_00001_nrs2";

 private:
  std::filesystem::path folder_;
};

/// The inputs of a case of the shared folder, unpacked into a scratch folder of their own.
class UnpackedCase {
 public:
  explicit UnpackedCase(const std::filesystem::path& source);
  ~UnpackedCase();
  UnpackedCase(const UnpackedCase&) = delete;
  UnpackedCase& operator=(const UnpackedCase&) = delete;

  std::filesystem::path folder() const { return folder_; }
  std::filesystem::path asn() const { return folder_ / "asn.json"; }

 private:
  std::filesystem::path folder_;
};

/// Files of a folder by name, without the record of the run. The date of the file is blanked, in header and tree, and the
/// checksum of the headers, which depends on it.
std::map<std::string, std::string> dateless_contents(const std::filesystem::path& folder);

/// Writes text to a file.
void write_text(const std::filesystem::path& path, const std::string& text);
std::string read_text(const std::filesystem::path& path);

}  // namespace spec2::test
