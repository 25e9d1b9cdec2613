#include "tests/regression/compare_products.hpp"

#include <fitsio.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

namespace spec2::test {
namespace {

/// Keywords that differ between any two runs, or name versions and files.
const std::set<std::string> kIgnored = {"DATE",     "FILENAME", "CAL_VER",  "CAL_VCS", "PRD_VER",  "SDP_VER",  "CRDS_VER",
                                        "CRDS_CTX", "DATAMODL", "CHECKSUM", "DATASUM", "ORIGIN",   "ASNTABLE", "ASNPOOL",
                                        "OSS_VER",  "NEXTEND",  "COMMENT",  "HISTORY", "CONTINUE", "",         "END"};

class Fits {
 public:
  explicit Fits(const std::filesystem::path& path) {
    fits_open_file(&file_, path.c_str(), READONLY, &status_);
    check("open " + path.string());
  }
  ~Fits() {
    int status = 0;
    fits_close_file(file_, &status);
  }
  int hdu_count() {
    int count = 0;
    fits_get_num_hdus(file_, &count, &status_);
    check("count HDUs");
    return count;
  }
  void go_to(int number) {
    fits_movabs_hdu(file_, number, nullptr, &status_);
    check("move");
  }
  std::string text(const char* keyword) {
    char* value = nullptr;
    int status = 0;
    if (fits_read_key_longstr(file_, keyword, &value, nullptr, &status) != 0) return {};
    std::string found(value);
    fits_free_memory(value, &status);
    return found;
  }
  std::map<std::string, std::string> header() {
    std::map<std::string, std::string> cards;
    int count = 0;
    fits_get_hdrspace(file_, &count, nullptr, &status_);
    for (int i = 1; i <= count; ++i) {
      char name[FLEN_KEYWORD], value[FLEN_VALUE], comment[FLEN_COMMENT];
      fits_read_keyn(file_, i, name, value, comment, &status_);
      cards[name] = value[0] == '\'' ? text(name) : value;
    }
    check("read header");
    return cards;
  }
  bool is_table() {
    int type = 0;
    fits_get_hdu_type(file_, &type, &status_);
    check("type");
    return type == BINARY_TBL;
  }
  std::vector<long> shape() {
    int dimensions = 0;
    fits_get_img_dim(file_, &dimensions, &status_);
    std::vector<long> axes(static_cast<std::size_t>(dimensions));
    if (dimensions > 0) fits_get_img_size(file_, dimensions, axes.data(), &status_);
    check("shape");
    return axes;
  }
  std::vector<double> image() {
    long long size = 1;
    for (const long axis : shape()) size *= axis;
    std::vector<double> values(static_cast<std::size_t>(size));
    int any = 0;
    fits_read_img(file_, TDOUBLE, 1, size, nullptr, values.data(), &any, &status_);
    check("read image");
    return values;
  }
  bool is_float() {
    int type = 0;
    fits_get_img_equivtype(file_, &type, &status_);
    check("equivalent type");
    return type == FLOAT_IMG || type == DOUBLE_IMG;
  }
  fitsfile* raw() { return file_; }
  int* status() { return &status_; }
  void check(const std::string& what) {
    if (status_ != 0) throw std::runtime_error(fmt::format("{}: CFITSIO status {}", what, status_));
  }

 private:
  fitsfile* file_ = nullptr;
  int status_ = 0;
};

std::string values_difference(const std::vector<double>& ours, const std::vector<double>& peer, double rtol, bool exact) {
  if (ours.size() != peer.size()) return fmt::format("{} values, peer {}", ours.size(), peer.size());
  std::vector<double> magnitudes;
  std::size_t nan_differs = 0;
  for (std::size_t i = 0; i < peer.size(); ++i) {
    if (std::isnan(ours[i]) != std::isnan(peer[i])) ++nan_differs;
    if (std::isfinite(peer[i]) && std::isfinite(ours[i])) magnitudes.push_back(std::abs(peer[i]));
  }
  if (nan_differs > 0) return fmt::format("{} NaN positions differ", nan_differs);
  if (magnitudes.empty()) return {};
  const auto middle = magnitudes.begin() + static_cast<std::ptrdiff_t>(magnitudes.size() / 2);
  std::nth_element(magnitudes.begin(), middle, magnitudes.end());
  double scale = *middle;
  if (scale == 0.0) scale = *std::max_element(magnitudes.begin(), magnitudes.end());
  double worst = 0.0;
  for (std::size_t i = 0; i < peer.size(); ++i) {
    if (!std::isfinite(peer[i]) || !std::isfinite(ours[i])) continue;
    const double off = std::abs(ours[i] - peer[i]);
    const double allowed = exact ? 0.0 : rtol * (std::abs(peer[i]) + (scale > 0.0 ? scale : 1.0));
    if (off > allowed) worst = std::max(worst, allowed > 0.0 ? off / allowed : off);
  }
  return worst > 0.0 ? fmt::format("worst deviation {:.3g} {}", worst, exact ? "(must be equal)" : "times the tolerance") : "";
}

bool same_card(const std::string& ours, const std::string& peer) {
  if (ours == peer) return true;
  char* end = nullptr;
  const double a = std::strtod(ours.c_str(), &end);
  if (end == ours.c_str() || *end != '\0') return false;
  const double b = std::strtod(peer.c_str(), &end);
  return end != peer.c_str() && *end == '\0' && std::abs(a - b) <= 1e-9 * std::abs(b);
}

void compare_primary(Fits& ours, Fits& peer, std::vector<std::string>& differences) {
  ours.go_to(1);
  peer.go_to(1);
  const auto mine = ours.header();
  for (const auto& [keyword, value] : peer.header()) {
    if (kIgnored.count(keyword) || keyword.starts_with("R_") || keyword.starts_with("P_")) continue;
    const auto found = mine.find(keyword);
    if (found == mine.end()) {
      differences.push_back(fmt::format("primary {} is missing, peer {}", keyword, value));
    } else if (!same_card(found->second, value)) {
      differences.push_back(fmt::format("primary {} is {}, peer {}", keyword, found->second, value));
    }
  }
}

void compare_table(Fits& ours, Fits& peer, const std::string& label, double rtol, std::vector<std::string>& differences) {
  LONGLONG our_rows = 0, rows = 0;
  fits_get_num_rowsll(ours.raw(), &our_rows, ours.status());
  fits_get_num_rowsll(peer.raw(), &rows, peer.status());
  if (our_rows != rows) {
    differences.push_back(fmt::format("{}: {} rows, peer {}", label, our_rows, rows));
    return;
  }
  int columns = 0;
  fits_get_num_cols(peer.raw(), &columns, peer.status());
  for (int column = 1; column <= columns; ++column) {
    const std::string name = peer.text(fmt::format("TTYPE{}", column).c_str());
    int our_column = 0, status = 0;
    if (fits_get_colnum(ours.raw(), CASESEN, const_cast<char*>(name.c_str()), &our_column, &status) != 0) {
      differences.push_back(fmt::format("{}: column {} is missing", label, name));
      continue;
    }
    const std::string unit = peer.text(fmt::format("TUNIT{}", column).c_str());
    const std::string our_unit = ours.text(fmt::format("TUNIT{}", our_column).c_str());
    if (unit != our_unit) differences.push_back(fmt::format("{}.{}: unit '{}', peer '{}'", label, name, our_unit, unit));
    int type = 0;
    long repeat = 0;
    fits_get_eqcoltype(peer.raw(), column, &type, &repeat, nullptr, peer.status());
    if (type == TSTRING) continue;
    std::vector<double> a(static_cast<std::size_t>(rows * repeat)), b(a.size());
    int any = 0;
    fits_read_col(ours.raw(), TDOUBLE, our_column, 1, 1, rows * repeat, nullptr, a.data(), &any, ours.status());
    fits_read_col(peer.raw(), TDOUBLE, column, 1, 1, rows * repeat, nullptr, b.data(), &any, peer.status());
    ours.check("read column");
    peer.check("read column");
    const std::string off = values_difference(a, b, rtol, type != TFLOAT && type != TDOUBLE);
    if (!off.empty()) differences.push_back(fmt::format("{}.{}: {}", label, name, off));
  }
}

std::map<std::string, int> extensions(Fits& file) {
  std::map<std::string, int> found;
  for (int number = 2; number <= file.hdu_count(); ++number) {
    file.go_to(number);
    const std::string version = file.text("EXTVER");
    found[file.text("EXTNAME") + "," + (version.empty() ? "1" : version)] = number;
  }
  return found;
}

}  // namespace

std::vector<std::string> product_differences(const std::filesystem::path& ours_path, const std::filesystem::path& peer_path,
                                             double rtol) {
  std::vector<std::string> differences;
  Fits ours(ours_path), peer(peer_path);
  compare_primary(ours, peer, differences);
  const auto mine = extensions(ours);
  for (const auto& [label, number] : extensions(peer)) {
    const auto found = mine.find(label);
    if (found == mine.end()) {
      differences.push_back(label + " is missing");
      continue;
    }
    if (label.starts_with("ASDF")) continue;
    ours.go_to(found->second);
    peer.go_to(number);
    if (peer.is_table()) {
      compare_table(ours, peer, label, rtol, differences);
      continue;
    }
    if (ours.text("BUNIT") != peer.text("BUNIT")) differences.push_back(label + ": BUNIT differs");
    if (ours.shape() != peer.shape()) {
      differences.push_back(label + ": shape differs");
      continue;
    }
    const std::string off = values_difference(ours.image(), peer.image(), rtol, !peer.is_float());
    if (!off.empty()) differences.push_back(label + ": " + off);
  }
  return differences;
}

}  // namespace spec2::test
