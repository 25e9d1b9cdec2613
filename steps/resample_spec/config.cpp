#include "steps/resample_spec/config.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

#include "core/error.hpp"

namespace spec2 {
namespace {

std::string upper_trimmed(std::string text) {
  const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

[[noreturn]] void refuse(const char* parameter, const std::string& problem, const std::string& advice) {
  throw Error(ErrorCause::user_input, fmt::format("resample_spec: {}", problem), {.keyword = parameter}, advice);
}

/// "NAN", "INDEF" and nothing at all give NaN; anything else must be a number.
float fill_value_of(const std::string& given) {
  const std::string text = upper_trimmed(given);
  if (text.empty() || text == "INDEF" || text == "NAN") return std::numeric_limits<float>::quiet_NaN();
  const std::size_t skipped = text[0] == '+' ? 1 : 0;
  float value = 0.0f;
  const auto [end, error] = std::from_chars(text.data() + skipped, text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    refuse("fillval", fmt::format("fillval '{}' is not a number", given), "Give a number, NAN or INDEF");
  }
  return value;
}

ResampleWeight weight_of(const std::optional<std::string>& name) {
  if (!name || *name == "None") return ResampleWeight::equal;
  if (*name == "ivm") return ResampleWeight::inverse_variance;
  if (*name == "exptime") return ResampleWeight::exposure_time;
  refuse("weight_type", fmt::format("weight_type '{}' is unknown", *name), "Use ivm, exptime or None");
}

}  // namespace

ResampleSpecConfig ResampleSpecConfig::from(const StepParameters& parameters) {
  ResampleSpecConfig config;
  config.pixfrac = parameters.real("pixfrac");
  const std::string kernel = parameters.text("kernel");
  const auto known = drizzle::kernel_named(kernel);
  if (!known) refuse("kernel", fmt::format("kernel '{}' is unknown", kernel), "Use square or point");
  config.kernel = *known;
  config.fill_value = fill_value_of(parameters.optional_text("fillval").value_or("INDEF"));
  config.weight_type = weight_of(parameters.optional_text("weight_type"));
  if (const auto shape = parameters.optional_integers("output_shape"); shape && !shape->empty()) {
    if (shape->size() != 2 || (*shape)[0] < 1 || (*shape)[1] < 1) {
      refuse("output_shape", "output_shape must be two numbers of at least 1", "Give columns and rows: output_shape=2048,30");
    }
    config.output_shape = {static_cast<std::size_t>((*shape)[0]), static_cast<std::size_t>((*shape)[1])};
  }
  config.pixel_scale_ratio = parameters.real("pixel_scale_ratio");
  config.pixel_scale = parameters.optional_real("pixel_scale");
  config.output_wcs = parameters.optional_text("output_wcs").value_or("");
  config.single = parameters.boolean("single");
  config.blendheaders = parameters.boolean("blendheaders");
  config.in_memory = parameters.boolean("in_memory");
  config.propagate_dq = parameters.boolean("propagate_dq");
  if (const auto problems = config.validate(); !problems.empty()) {
    throw Error(ErrorCause::user_input, fmt::format("resample_spec: {}", fmt::join(problems, "; ")), {},
                "See spec2 config --schema resample_spec");
  }
  return config;
}

std::vector<std::string> ResampleSpecConfig::validate() const {
  std::vector<std::string> problems;
  if (!(pixfrac >= 0.0 && pixfrac <= 1.0)) problems.push_back(fmt::format("pixfrac {} is not between 0 and 1", pixfrac));
  if (!(pixel_scale_ratio > 0.0)) problems.push_back(fmt::format("pixel_scale_ratio {} is not above 0", pixel_scale_ratio));
  if (pixel_scale && !(*pixel_scale > 0.0)) problems.push_back(fmt::format("pixel_scale {} is not above 0", *pixel_scale));
  if (kernel != drizzle::Kernel::square && kernel != drizzle::Kernel::point) problems.push_back("kernel must be square or point");
  return problems;
}

}  // namespace spec2
