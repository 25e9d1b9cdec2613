#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace spec2 {

/// A header value in the types FITS has.
using MetaValue = std::variant<bool, std::int64_t, double, std::string>;

/// Header keywords of an exposure or of one slit, in order, by FITS keyword ("EXP_TYPE", upper case). The keyword is the
/// one name of a value everywhere in spec2; datamodels/schema knows its HDU, comment and place in the ASDF meta tree.
class Metadata {
 public:
  struct Entry {
    std::string keyword;
    MetaValue value;
  };

  Metadata() = default;
  explicit Metadata(std::string file) : file_(std::move(file)) {}

  /// File named in errors.
  const std::string& file() const noexcept { return file_; }
  void set_file(std::string file) { file_ = std::move(file); }

  bool has(std::string_view keyword) const;
  /// Adds or replaces; a replaced keyword keeps its place.
  void set(std::string_view keyword, MetaValue value);
  void set(std::string_view keyword, const char* value) { set(keyword, MetaValue(std::string(value))); }
  void set(std::string_view keyword, std::string value) { set(keyword, MetaValue(std::move(value))); }
  void set(std::string_view keyword, int value) { set(keyword, MetaValue(std::int64_t{value})); }
  void set(std::string_view keyword, std::int64_t value) { set(keyword, MetaValue(value)); }
  void set(std::string_view keyword, double value) { set(keyword, MetaValue(value)); }
  void set(std::string_view keyword, bool value) { set(keyword, MetaValue(value)); }
  void erase(std::string_view keyword);

  /// Empty when missing or of another type. `find_real` takes integers too; `find_text` strips trailing blanks.
  const MetaValue* find(std::string_view keyword) const;
  std::optional<std::string> find_text(std::string_view keyword) const;
  std::optional<double> find_real(std::string_view keyword) const;
  std::optional<std::int64_t> find_integer(std::string_view keyword) const;
  std::optional<bool> find_boolean(std::string_view keyword) const;

  /// Throw Error(data) naming file and keyword when it is missing or of another type.
  std::string text(std::string_view keyword) const;
  double real(std::string_view keyword) const;
  std::int64_t integer(std::string_view keyword) const;

  const std::vector<Entry>& entries() const noexcept { return entries_; }
  /// All entries of `other` are set here.
  void update(const Metadata& other);

 private:
  [[noreturn]] void refuse(std::string_view keyword, std::string_view wanted) const;

  std::string file_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace spec2
