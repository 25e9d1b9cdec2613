#include "steps/badpix_selfcal/config.hpp"

#include <fmt/format.h>

namespace spec2 {

BadpixSelfcalConfig BadpixSelfcalConfig::from(const StepParameters& p) {
  return {.flagfrac_lower = p.real("flagfrac_lower"),
          .flagfrac_upper = p.real("flagfrac_upper"),
          .kernel_size = p.integer("kernel_size"),
          .force_single = p.boolean("force_single"),
          .save_flagged_bkg = p.boolean("save_flagged_bkg")};
}

std::vector<std::string> BadpixSelfcalConfig::validate() const {
  std::vector<std::string> problems;
  const auto check_fraction = [&](const char* name, double value) {
    if (!(value >= 0.0 && value <= 0.5)) problems.push_back(fmt::format("{} is {}; it is a fraction from 0 to 0.5", name, value));
  };
  check_fraction("flagfrac_lower", flagfrac_lower);
  check_fraction("flagfrac_upper", flagfrac_upper);
  if (kernel_size < 1 || kernel_size % 2 == 0) {
    problems.push_back(fmt::format("kernel_size is {}; it is an odd number from 1 on", kernel_size));
  }
  return problems;
}

}  // namespace spec2
