#include "pipeline/runner/run_association.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "pipeline/config/nearest_name.hpp"
#include "pipeline/runner/output_place.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

/// Leaves those that were asked for, in the order of the association; a name may be without its suffix, as files are named.
void select_products(Association& association, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::vector<std::string> known;
  for (const Product& product : association.products) {
    known.push_back(product.name);
    known.push_back(product.root.text);
  }
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(ErrorCause::user_input, fmt::format("the association has no product '{}'", name),
                {.file = association.file.string(), .keyword = "--product"},
                did_you_mean(name, known) + "Give names as the association has them");
  }
  std::erase_if(association.products, [&](const Product& product) {
    return std::none_of(names.begin(), names.end(),
                        [&](const std::string& name) { return name == product.name || name == product.root.text; });
  });
}

}  // namespace

fs::path products_folder(const RunOptions& options, const ParameterSet& given) {
  if (!options.output_dir.empty()) return options.output_dir;
  const auto folder = given.pipeline().optional_text("output_dir");
  return folder && !folder->empty() ? expanded_path(*folder) : fs::current_path();
}

Association open_association(const RunOptions& options, const ParameterSet& given, const Log& log) {
  auto members = given.pipeline().optional_text("input_dir");
  if (members && members->empty()) members.reset();
  const auto file = given.pipeline().optional_text("output_file");
  const bool is_exposure = options.input.extension() == ".fits";
  const bool elsewhere = members && is_exposure && !options.input.has_parent_path();
  Association association = load_association(elsewhere ? fs::path(*members) / options.input : options.input);
  if (members && !is_exposure) {
    const fs::path folder = fs::absolute(association.file).lexically_normal().parent_path();
    for (Product& product : association.products) {
      for (Member& member : product.members) {
        member.file = fs::path(*members) / member.file.lexically_relative(folder);
      }
    }
  }
  if (file && association.products.size() == 1) {
    association.products.front().root = product_root(fs::path(*file).filename().string());
  } else if (file) {
    log.warning("output_file is left out: the association has {} products, which keep their names", association.products.size());
  }
  select_products(association, options.products);
  return association;
}

}  // namespace spec2::pipeline
