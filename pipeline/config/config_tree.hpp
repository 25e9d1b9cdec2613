#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spec2::pipeline {

/// Where a value came from, lowest precedence first.
enum class ParameterOrigin : std::uint8_t { default_value, reference_database, file, command_line };
std::string_view to_string(ParameterOrigin origin) noexcept;

/// A value as a file, the command line or a caller gave it, before it is known what it should be.
struct ConfigValue {
  enum class Kind : std::uint8_t { text, list, none, boolean, integer, real, section } kind = Kind::text;

  std::string text;  ///< text, or the digits of a number, True or False
  std::vector<ConfigValue> items;                               ///< of a list
  std::vector<std::pair<std::string, ConfigValue>> entries = {};  ///< of a section, in their order

  std::string file = {};  ///< that said it; empty for the command line
  int line = 0;           ///< 0 when unknown
  ParameterOrigin origin = ParameterOrigin::file;

  static ConfigValue of_text(std::string text, int line = 0);
  static ConfigValue section(int line = 0);

  bool is_section() const noexcept { return kind == Kind::section; }
  const ConfigValue* find(std::string_view key) const noexcept;
  ConfigValue* find(std::string_view key) noexcept;
  /// Adds or replaces an entry of a section.
  void set(std::string key, ConfigValue value);
  void erase(std::string_view key);
};

/// Puts the entries of `over` into `base`, section by section; what both have is taken from `over`. Throws
/// Error(user_input) where one has a section and the other a value.
void merge(ConfigValue& base, const ConfigValue& over);

/// Notes file and origin on a whole tree.
void mark(ConfigValue& tree, const std::string& file, ParameterOrigin origin);

}  // namespace spec2::pipeline
