#include "tests/integration/sample_case.hpp"

#include <fcntl.h>
#include <fitsio.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace spec2::test {
namespace {

namespace fs = std::filesystem;

class FitsUpdate {
 public:
  FitsUpdate(const fs::path& path, const std::string& hdu) {
    fits_open_file(&file_, path.c_str(), READWRITE, &status_);
    if (hdu != "PRIMARY") fits_movnam_hdu(file_, ANY_HDU, const_cast<char*>(hdu.c_str()), 0, &status_);
    check("open");
  }
  ~FitsUpdate() {
    int status = 0;
    fits_close_file(file_, &status);
  }
  fitsfile* file() { return file_; }
  int* status() { return &status_; }
  void check(const char* what) {
    if (status_ != 0) throw std::runtime_error(std::string("test file: ") + what + " failed, status " + std::to_string(status_));
  }

 private:
  fitsfile* file_ = nullptr;
  int status_ = 0;
};

}  // namespace

void write_text(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

ProgramResult run_program(const std::vector<std::string>& words, const std::vector<std::string>& environment) {
  char out_name[] = "/tmp/spec2_out_XXXXXX";
  char err_name[] = "/tmp/spec2_err_XXXXXX";
  const int out = ::mkstemp(out_name);
  const int err = ::mkstemp(err_name);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> variables;
  for (const std::string& entry : environment) variables.push_back(const_cast<char*>(entry.c_str()));
  for (char** entry = environ; *entry; ++entry) variables.push_back(*entry);
  variables.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t child = 0;
  ProgramResult result;
  if (::posix_spawn(&child, words[0].c_str(), &actions, nullptr, arguments.data(), variables.data()) == 0) {
    int status = 0;
    ::waitpid(child, &status, 0);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  posix_spawn_file_actions_destroy(&actions);
  ::close(out);
  ::close(err);
  result.output = read_text(out_name);
  result.errors = read_text(err_name);
  ::unlink(out_name);
  ::unlink(err_name);
  return result;
}

fs::path SampleCase::crds() { return fs::path(SPEC2_SOURCE_DIR) / "data/nirspec_fs_sample/crds"; }
fs::path SampleCase::golden() { return fs::path(SPEC2_SOURCE_DIR) / "data/nirspec_fs_sample/golden"; }

SampleCase::SampleCase() {
  char name[] = "/tmp/spec2_case_XXXXXX";
  folder_ = ::mkdtemp(name);
  const fs::path sample = fs::path(SPEC2_SOURCE_DIR) / "data/nirspec_fs_sample";
  fs::copy_file(sample / "asn.json", asn());
  fs::copy_file(sample / kRate, rate());
}

SampleCase::~SampleCase() {
  std::error_code ignored;
  fs::permissions(output(), fs::perms::owner_all, ignored);
  fs::remove_all(folder_, ignored);
}

ProgramResult SampleCase::run(const std::vector<std::string>& more) const {
  std::vector<std::string> words = {SPEC2_PROGRAM, "run", asn().string(), "--output-dir", output().string()};
  words.insert(words.end(), more.begin(), more.end());
  return run_program(words, {"CRDS_PATH=" + crds().string(), "CRDS_CONTEXT=jwst_9001.pmap"});
}

std::vector<std::string> SampleCase::products() const {
  std::vector<std::string> names;
  if (fs::exists(output())) {
    for (const auto& entry : fs::directory_iterator(output())) names.push_back(entry.path().filename().string());
    std::erase(names, "spec2_run.json");
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> SampleCase::repeat_product(std::size_t count) const {
  std::vector<std::string> names;
  std::string products;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string number = std::to_string(100010 + i).substr(1);
    names.push_back("jw09001003001_02101_" + number + "_nrs2");
    const std::string member = names.back() + "_rate.fits";
    fs::copy_file(rate(), folder() / member);
    products += std::string(products.empty() ? "" : ",") + R"({"name": ")" + names.back() + R"(", "members": [{"expname": ")" +
                member + R"(", "exptype": "science"}]})";
  }
  write_text(asn(), R"({"asn_type": "spec2", "asn_id": "o003", "asn_pool": "pool.csv", "products": [)" + products + "]}");
  return names;
}

void SampleCase::set_keyword(const std::string& hdu, const std::string& keyword, const std::string& value) const {
  FitsUpdate update(rate(), hdu);
  fits_update_key(update.file(), TSTRING, keyword.c_str(), const_cast<char*>(value.c_str()), nullptr, update.status());
  update.check("set keyword");
}

void SampleCase::set_keyword(const std::string& hdu, const std::string& keyword, double value) const {
  FitsUpdate update(rate(), hdu);
  fits_update_key(update.file(), TDOUBLE, keyword.c_str(), &value, nullptr, update.status());
  update.check("set keyword");
}

void SampleCase::remove_keyword(const std::string& hdu, const std::string& keyword) const {
  FitsUpdate update(rate(), hdu);
  fits_delete_key(update.file(), keyword.c_str(), update.status());
  update.check("remove keyword");
}

void SampleCase::remove_hdu(const std::string& hdu) const {
  FitsUpdate update(rate(), hdu);
  fits_delete_hdu(update.file(), nullptr, update.status());
  update.check("remove HDU");
}

void SampleCase::fill_plane(const std::string& hdu, float value) const {
  FitsUpdate update(rate(), hdu);
  long axes[2] = {0, 0};
  fits_get_img_size(update.file(), 2, axes, update.status());
  std::vector<float> values(static_cast<std::size_t>(axes[0] * axes[1]), value);
  fits_write_img(update.file(), TFLOAT, 1, static_cast<LONGLONG>(values.size()), values.data(), update.status());
  update.check("fill plane");
}

namespace {

void blank_all(std::string& text, const std::string& what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), what.size(), ' ');
  }
}

}  // namespace

std::map<std::string, std::string> dateless_contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == "spec2_run.json") continue;
    std::string text = read_text(entry.path());
    const std::size_t date = text.find("DATE    = '");
    if (date != std::string::npos) blank_all(text, text.substr(date + 11, 23));
    const std::size_t sum = text.find("_fits_hash: '");
    if (sum != std::string::npos) text.replace(sum + 13, 64, 64, ' ');
    files[name] = std::move(text);
  }
  return files;
}

UnpackedCase::UnpackedCase(const fs::path& source) {
  char name[] = "/tmp/spec2_case_XXXXXX";
  folder_ = ::mkdtemp(name);
  fs::copy_file(source / "asn.json", asn());
  const std::string script =
      "for f in " + source.string() + "/*.fits.gz; do gunzip -c $f > " + folder_.string() + "/$(basename $f .gz); done";
  const ProgramResult result = run_program({"/bin/sh", "-euc", script});
  if (result.exit_code != 0) throw std::runtime_error("cannot unpack " + source.string() + ": " + result.errors);
}

UnpackedCase::~UnpackedCase() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace spec2::test
