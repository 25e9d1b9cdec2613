#include "steps/clean_flicker_noise/config.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace spec2 {
namespace {

bool is_none(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text == "none" || text.empty();
}

}  // namespace

CleanFlickerNoiseConfig CleanFlickerNoiseConfig::from(const StepParameters& p) {
  CleanFlickerNoiseConfig config;
  config.autoparam = p.boolean("autoparam");
  config.fit_method = p.text("fit_method");
  config.fit_by_channel = p.boolean("fit_by_channel");
  config.background_method = p.optional_text("background_method").value_or("");
  if (is_none(config.background_method)) config.background_method.clear();
  config.background_box_size = p.optional_integers("background_box_size").value_or(std::vector<std::int64_t>{});
  config.mask_science_regions = p.boolean("mask_science_regions");
  config.apply_flat_field = p.boolean("apply_flat_field");
  config.n_sigma = p.real("n_sigma");
  config.fit_histogram = p.boolean("fit_histogram");
  config.single_mask = p.boolean("single_mask");
  config.user_mask = p.optional_text("user_mask");
  if (config.user_mask && is_none(*config.user_mask)) config.user_mask.reset();
  config.save_mask = p.boolean("save_mask");
  config.save_background = p.boolean("save_background");
  config.save_noise = p.boolean("save_noise");
  return config;
}

std::vector<std::string> CleanFlickerNoiseConfig::validate() const {
  std::vector<std::string> problems;
  if (fit_method != "fft" && fit_method != "median") {
    problems.push_back(fmt::format("fit_method is '{}'; it is fft or median", fit_method));
  }
  const std::string& method = background_method;
  if (!method.empty() && method != "median" && method != "model" && method != "median_image") {
    problems.push_back(fmt::format("background_method is '{}'; it is median, model, median_image or None", method));
  }
  const auto& box = background_box_size;
  if (!box.empty() && (box.size() != 2 || box[0] < 1 || box[1] < 1)) {
    problems.push_back("background_box_size is two numbers from 1 on: rows, columns");
  }
  return problems;
}

}  // namespace spec2
