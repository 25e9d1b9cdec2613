#include "pipeline/config/asdf_parameters.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/error.hpp"
#include "wcs/asdf/tree_text.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::size_t kMostBytes = 4u << 20;
constexpr std::size_t kMostValues = 20000;
constexpr int kDeepest = 12;

class TreeReader {
 public:
  explicit TreeReader(const std::filesystem::path& file) : file_(file) {}

  /// The current form: class, name, parameters, and steps as a list of the same.
  ConfigValue step(const YAML::Node& node, int depth) {
    if (depth > 4) fail(node, "steps are nested too deeply");
    ConfigValue tree = section(required(node, "parameters"), depth);
    tree.set("class", ConfigValue::of_text(text(required(node, "class")), line_of(node)));
    tree.set("name", ConfigValue::of_text(text(required(node, "name")), line_of(node)));
    const YAML::Node steps = node["steps"];
    if (!steps || (steps.IsSequence() && steps.size() == 0)) return tree;
    if (!steps.IsSequence()) fail(steps, "'steps' is not a list");
    ConfigValue sections = ConfigValue::section(line_of(steps));
    for (const YAML::Node& one : steps) {
      ConfigValue inner = step(one, depth + 1);
      std::string name = inner.find("name")->text;
      sections.set(std::move(name), std::move(inner));
    }
    tree.set("steps", std::move(sections));
    return tree;
  }

  /// Values of a mapping as a section.
  ConfigValue section(const YAML::Node& node, int depth) {
    if (!node.IsMap()) fail(node, "'parameters' is not a mapping");
    ConfigValue tree = ConfigValue::section(line_of(node));
    for (const auto& entry : node) tree.set(text(entry.first), value(entry.second, depth + 1));
    return tree;
  }

  YAML::Node required(const YAML::Node& node, const char* key) const {
    if (!node.IsMap()) fail(node, "expected a mapping with class, name and parameters");
    YAML::Node found = node[key];
    if (!found) fail(node, fmt::format("'{}' is missing", key));
    return found;
  }

  std::string text(const YAML::Node& node) const {
    if (!node.IsScalar()) fail(node, "expected a text");
    return node.Scalar();
  }

  [[noreturn]] void fail(const YAML::Node& node, const std::string& problem) const {
    throw Error(ErrorCause::user_input, problem, {.file = file_.string(), .line = line_of(node)},
                "A parameter file holds class, name, parameters and, for a pipeline, steps.");
  }

 private:
  static int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

  ConfigValue value(const YAML::Node& node, int depth) {
    if (depth > kDeepest) fail(node, "values are nested too deeply");
    if (++values_ > kMostValues) fail(node, fmt::format("more than {} values", kMostValues));
    if (node.IsMap()) return section(node, depth);
    ConfigValue result;
    result.line = line_of(node);
    if (node.IsNull()) {
      result.kind = ConfigValue::Kind::none;
    } else if (node.IsSequence()) {
      result.kind = ConfigValue::Kind::list;
      for (const YAML::Node& item : node) result.items.push_back(value(item, depth + 1));
    } else {
      scalar(result, node.Scalar(), node.Tag());
    }
    return result;
  }

  /// Type of a plain scalar by the rules of YAML 1.1; quoted ones ("!" tag) stay text.
  static void scalar(ConfigValue& result, const std::string& given, const std::string& tag) {
    result.text = given;
    if (tag != "?" && !tag.empty()) return;
    std::string word = given;
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool yes = word == "true" || word == "yes" || word == "on";
    if (yes || word == "false" || word == "no" || word == "off") {
      result.kind = ConfigValue::Kind::boolean;
      result.text = yes ? "True" : "False";
      return;
    }
    if (word == ".inf" || word == "+.inf" || word == "-.inf" || word == ".nan") {
      result.kind = ConfigValue::Kind::real;
      std::erase(result.text, '.');
      return;
    }
    const char* begin = given.data() + (given.starts_with('+') ? 1 : 0);
    const char* end = given.data() + given.size();
    long long whole = 0;
    double number = 0.0;
    if (const auto read = std::from_chars(begin, end, whole); read.ec == std::errc{} && read.ptr == end && begin != end) {
      result.kind = ConfigValue::Kind::integer;
    } else if (const auto real = std::from_chars(begin, end, number);
               real.ec == std::errc{} && real.ptr == end && word.find_first_of("0123456789") != std::string::npos) {
      result.kind = ConfigValue::Kind::real;
    }
  }

  const std::filesystem::path& file_;
  std::size_t values_ = 0;
};

/// Who wrote the file and with what takes a third of the time of reading it, and is not looked at.
YAML::Node load_tree(std::string_view text) {
  constexpr std::string_view kUnused[] = {"asdf_library", "history"};
  try {
    return YAML::Load(asdf::without_entries(text, kUnused));
  } catch (const YAML::Exception&) {
    return YAML::Load(std::string(text));
  }
}

/// The old form has everything, steps too, under `parameters`.
ConfigValue old_form(TreeReader& reader, const YAML::Node& root) {
  ConfigValue tree = reader.section(reader.required(root, "parameters"), 0);
  const ConfigValue* class_text = tree.find("class");
  if (class_text == nullptr || class_text->kind != ConfigValue::Kind::text) reader.fail(root, "'class' is missing");
  return tree;
}

}  // namespace

bool is_asdf(std::string_view text) { return text.starts_with("#ASDF"); }

ConfigValue parse_asdf_parameters(std::string_view text, const std::filesystem::path& file) {
  // The tree ends at a line with three dots; blocks may follow.
  std::size_t end = text.find("\n...");
  while (end != std::string_view::npos && end + 4 < text.size() && text[end + 4] != '\n' && text[end + 4] != '\r') {
    end = text.find("\n...", end + 1);
  }
  text = text.substr(0, end);
  TreeReader reader(file);
  if (text.size() > kMostBytes) reader.fail({}, fmt::format("the tree is larger than {} bytes", kMostBytes));
  ConfigValue tree;
  try {
    const YAML::Node root = load_tree(text);
    if (!root.IsMap()) reader.fail(root, "the tree is not a mapping");
    tree = root["class"] ? reader.step(root, 0) : old_form(reader, root);
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCause::user_input, fmt::format("the YAML tree cannot be read ({})", error.msg),
                {.file = file.string(), .line = error.mark.line + 1, .column = error.mark.column + 1}, "The file is damaged.");
  }
  mark(tree, file.string(), ParameterOrigin::file);
  return tree;
}

}  // namespace spec2::pipeline
