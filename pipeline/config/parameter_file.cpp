#include "pipeline/config/parameter_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/config/asdf_parameters.hpp"
#include "pipeline/config/configobj.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::uintmax_t kMostBytes = 64u << 20;

std::string read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw Error(ErrorCause::user_input, "there is no such parameter file", {.file = path.string()},
                "Check the name and the folder.");
  }
  if (std::filesystem::file_size(path, error) > kMostBytes) {
    throw Error(ErrorCause::user_input, "the file is too large for parameters", {.file = path.string()});
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    throw Error(ErrorCause::system, fmt::format("cannot read the file ({})", std::strerror(errno)), {.file = path.string()},
                "Check that you may read it.");
  }
  return std::move(text).str();
}

}  // namespace

ParameterFile parse_parameter_file(std::string_view text, const std::filesystem::path& path, ParameterOrigin origin) {
  ParameterFile file{path, nullptr, path.stem().string(), {}};
  file.tree = is_asdf(text) ? parse_asdf_parameters(text, path) : parse_configobj(text, path);
  mark(file.tree, path.string(), origin);
  if (const ConfigValue* name = file.tree.find("name");
      name != nullptr && name->kind == ConfigValue::Kind::text && !name->text.empty()) {
    file.name = name->text;
  }
  if (const ConfigValue* given = file.tree.find("class"); given != nullptr) {
    try {
      file.step = &step_of_class(given->text);
    } catch (const Error& error) {
      throw Error(error.cause(), error.problem(), {.file = path.string(), .keyword = "class", .line = given->line},
                  error.advice());
    }
  }
  // The peer takes them away before values are looked at, so that %(name)s is not known.
  file.tree.erase("name");
  file.tree.erase("class");
  interpolate(file.tree);
  return file;
}

ParameterFile read_parameter_file(const std::filesystem::path& path, ParameterOrigin origin) {
  return parse_parameter_file(read_file(path), path, origin);
}

void include_step_files(ConfigValue& tree, const StepSpec& step, const std::filesystem::path& outer_file) {
  ConfigValue* sections = tree.find("steps");
  if (sections == nullptr) return;
  for (auto& [name, section] : sections->entries) {
    const StepSpec* inner = step.find_step(name);
    if (inner == nullptr || !section.is_section()) continue;
    if (const ConfigValue* given = section.find("config_file"); given != nullptr && !given->text.empty()) {
      const std::filesystem::path said_in = given->file.empty() ? outer_file : std::filesystem::path(given->file);
      ParameterFile own = read_parameter_file(said_in.parent_path() / given->text, given->origin);
      section.erase("config_file");
      merge(own.tree, section);
      section = std::move(own.tree);
    }
    include_step_files(section, *inner, outer_file);
  }
}

}  // namespace spec2::pipeline
