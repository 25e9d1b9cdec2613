#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace spec2::pipeline {

/// Values of an exposure's header by which references are chosen. Keys may be FITS keywords or META paths in any case;
/// values are kept in the form in which rules compare them. A later value of the same key counts.
class HeaderValues {
 public:
  void set(std::string_view key, std::string_view value);
  void set(std::string_view key, const char* value) { set(key, std::string_view(value)); }
  void set(std::string_view key, bool value);
  void set(std::string_view key, std::int64_t value);
  void set(std::string_view key, double value);

  /// Value under a META path in upper case; nullptr when the header has none.
  const std::string* find(std::string_view meta_path) const;
  const std::map<std::string, std::string, std::less<>>& values() const noexcept { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// META path of a FITS keyword ("EXP_TYPE" -> "META.EXPOSURE.TYPE"); the keyword itself when no schema has it.
std::string meta_path_of(std::string_view fits_keyword);

}  // namespace spec2::pipeline
