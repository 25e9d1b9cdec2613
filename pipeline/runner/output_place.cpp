#include "pipeline/runner/output_place.hpp"

#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

/// End of the name of a variable that begins at `begin`.
std::size_t end_of_name(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
  return end;
}

void check_step(const StepParameters& parameters, const std::string& step) {
  const std::string ending = parameters.optional_text("output_ext").value_or(".fits");
  if (ending == ".fits" || ending == "fits") return;
  throw Error(ErrorCause::user_input, fmt::format("products cannot be written as '{}'", ending),
              {.keyword = step.empty() ? "output_ext" : step + ".output_ext"}, "spec2 writes FITS: leave output_ext out");
}

}  // namespace

OutputPlace output_place(const StepParameters& step, const OutputPlace& products, const std::filesystem::path& current_file) {
  const auto folder = step.optional_text("output_dir"), file = step.optional_text("output_file");
  const bool by_current = step.boolean("output_use_model") || (!file && !step.boolean("search_output_file"));
  OutputPlace place = products;
  if (folder && !folder->empty()) place.folder = expanded_path(*folder);
  if (by_current) place.root = product_root(current_file.string());
  else if (file) place.root = product_root(*file);
  return place;
}

std::filesystem::path expanded_path(std::string_view text) {
  std::string path;
  const char* const home = std::getenv("HOME");
  if (home && (text == "~" || text.starts_with("~/"))) {
    path = home;
    text.remove_prefix(1);
  }
  while (!text.empty()) {
    const bool braces = text.starts_with("${");
    const std::size_t begin = braces ? 2 : 1, end = end_of_name(text, begin);
    const bool whole = text.front() == '$' && end > begin && (!braces || (end < text.size() && text[end] == '}'));
    const char* const value = whole ? std::getenv(std::string(text.substr(begin, end - begin)).c_str()) : nullptr;
    if (value) path += value;
    else path += text.front();
    text.remove_prefix(value ? end + (braces ? 1 : 0) : 1);
  }
  return path;
}

void check_outputs(const ParameterSet& parameters) {
  check_step(parameters.pipeline(), "");
  for (const StepSpec* const step : parameters.spec().steps) {
    check_step(parameters.step(step->name), std::string(step->name));
  }
}

}  // namespace spec2::pipeline
