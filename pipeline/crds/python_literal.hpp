#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace spec2::pipeline {

/// A value of the Python literal grammar in which CRDS mappings and configuration are written.
struct Literal {
  enum class Kind : std::uint8_t { none, boolean, integer, real, string, tuple, list, dict, call };

  Kind kind = Kind::none;
  int line = 0;  ///< 1-based place of its first character
  int column = 0;
  std::string text;            ///< the string; digits of a number; True or False; name of the called selector
  std::vector<Literal> items;  ///< members; a dict holds key, value, key, value...; a call holds its arguments

  bool is_string() const noexcept { return kind == Kind::string; }
  bool is_sequence() const noexcept { return kind == Kind::tuple || kind == Kind::list; }
  /// Value of a dict under a text key; nullptr when there is none or this is no dict. The last of equal keys counts.
  const Literal* find(std::string_view key) const;
};

/// Bounds of a text that is not ours: beyond them it is refused rather than read.
struct LiteralLimits {
  std::size_t bytes = 16u << 20;
  std::size_t values = 300'000;
  int depth = 40;
};

/// `name = value` statements of a mapping file.
struct Assignment {
  std::string name;
  Literal value;
};

/// Reads `header = {...}`, `selector = Match({...})` and the like. `file` is for messages.
/// Throws Error(reference) with line and column for anything that is not a literal or a selector call.
std::vector<Assignment> parse_assignments(std::string_view text, const std::filesystem::path& file, LiteralLimits limits = {});

/// Reads one literal (`server_config`).
Literal parse_literal(std::string_view text, const std::filesystem::path& file, LiteralLimits limits = {});

/// The value as Python's str() would write it; used for keys of rules and in messages.
std::string to_text(const Literal& value);

}  // namespace spec2::pipeline
