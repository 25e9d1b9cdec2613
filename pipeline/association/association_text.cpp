#include "pipeline/association/association_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 16u << 20;
constexpr std::size_t kMostValues = 200'000;
constexpr int kDeepest = 64;

struct TextPlace {
  int line = 1;
  int column = 1;
};

TextPlace place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1, static_cast<int>(before.size() - line_begin) + 1};
}

/// Offset of the first byte that is no UTF-8; npos when there is none.
std::size_t first_bad_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || lead == 0 || at + length > text.size()) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return at;
    }
    at += length;
  }
  return std::string_view::npos;
}

[[noreturn]] void refuse(std::string problem, const std::filesystem::path& file, TextPlace place) {
  throw Error(ErrorCause::user_input, std::move(problem), {.file = file.string(), .line = place.line, .column = place.column},
              "An association is a JSON file as the archive gives it.");
}

class YamlReader {
 public:
  explicit YamlReader(const std::filesystem::path& file) : file_(file) {}

  json value(const YAML::Node& node, int depth) {
    if (depth > kDeepest || ++values_ > kMostValues) {
      refuse("the file is nested too deeply or too large", file_, {node.Mark().line + 1, 1});
    }
    if (node.IsMap()) {
      json object = json::object();
      for (const auto& entry : node) {
        object[entry.first.IsScalar() ? entry.first.Scalar() : std::string("?")] = value(entry.second, depth + 1);
      }
      return object;
    }
    if (node.IsSequence()) {
      json list = json::array();
      for (const YAML::Node& item : node) list.push_back(value(item, depth + 1));
      return list;
    }
    return node.IsScalar() ? scalar(node) : json(nullptr);
  }

 private:
  /// Only whether a scalar is text matters: names must be text.
  static json scalar(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    if (node.Tag() != "?" && !node.Tag().empty()) return text;
    if (text == "true" || text == "false") return text == "true";
    double number = 0.0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size() && std::isfinite(number);
    return whole ? json(number) : json(text);
  }

  const std::filesystem::path& file_;
  std::size_t values_ = 0;
};

/// A JSON comment reads as part of a key in YAML; the peer refuses such files and so does this.
bool has_comment_line(std::string_view text) {
  for (std::size_t at = text.find("//"); at != std::string_view::npos; at = text.find("//", at + 2)) {
    const std::size_t before = text.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
    const bool begins_line = at == 0 || (before != std::string_view::npos && text[before] == '\n');
    if (begins_line ||
        (before != std::string_view::npos && (text[before] == ',' || text[before] == '{' || text[before] == '['))) {
      return true;
    }
  }
  return false;
}

}  // namespace

json read_association_tree(std::string_view text, const std::filesystem::path& file, std::vector<std::string>& warnings) {
  if (text.size() > kMostBytes) refuse(fmt::format("the file is larger than {} bytes", kMostBytes), file, {});
  const std::size_t bad = first_bad_byte(text);
  if (bad != std::string_view::npos) refuse("the file is not UTF-8 text", file, place_of(text, bad));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  TextPlace json_place;
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    json_place = place_of(text, error.byte > 0 ? error.byte - 1 : 0);
  } catch (const json::exception&) {
    // A number too large for a double: YAML takes it as text, and no entry that is used is a number.
  }
  const std::string where = fmt::format("line {} column {}", json_place.line, json_place.column);
  if (has_comment_line(text)) refuse("the file is not JSON: it has a comment", file, json_place);
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    if (!root.IsMap()) refuse("the file is not a JSON object", file, json_place);
    json tree = YamlReader(file).value(root, 0);
    warnings.push_back(fmt::format("{} is not JSON ({}); it was read as YAML", file.filename().string(), where));
    return tree;
  } catch (const YAML::Exception&) {
    refuse("the file is neither JSON nor YAML", file, json_place);
  }
}

}  // namespace spec2::pipeline
