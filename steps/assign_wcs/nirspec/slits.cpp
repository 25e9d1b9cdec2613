#include "steps/assign_wcs/nirspec/slits.hpp"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "core/error.hpp"

namespace spec2::assign_wcs::nirspec {

namespace {

constexpr std::array<std::string_view, 5> kFixedSlits{"S200A1", "S200A2", "S400A1", "S1600A1", "S200B1"};

wcs::SlitDescription fixed_slit(std::string_view name, const Setup& setup) {
  wcs::SlitDescription slit;
  slit.name = name;
  slit.shutter_id = fixed_slit_number(name) - 1;
  slit.ymin = setup.slit_y_low;
  slit.ymax = setup.slit_y_high;
  slit.quadrant = kFixedSlitQuadrant;
  slit.source_id = setup.primary_slit == name ? 1 : 10 * fixed_slit_number(setup.primary_slit) + fixed_slit_number(name);
  slit.slit_id = fixed_slit_id(name);
  return slit;
}

}  // namespace

int fixed_slit_number(std::string_view name) {
  const auto found = std::find(kFixedSlits.begin(), kFixedSlits.end(), name);
  return found == kFixedSlits.end() ? 0 : static_cast<int>(found - kFixedSlits.begin()) + 1;
}

int fixed_slit_id(std::string_view name) { return -100 - fixed_slit_number(name); }

std::vector<wcs::SlitDescription> open_fixed_slits(const Setup& setup) {
  if (setup.exp_type == "NRS_BRIGHTOBJ") {
    wcs::SlitDescription slit = fixed_slit("S1600A1", setup);
    slit.source_id = 1;
    return {slit};
  }
  if (setup.subarray.empty()) {
    throw Error(ErrorCause::data, "the subarray is not given", {.keyword = "SUBARRAY"}, "Set SUBARRAY in the primary header");
  }
  if (setup.primary_slit != "NONE" && fixed_slit_number(setup.primary_slit) == 0) {
    throw Error(ErrorCause::data, fmt::format("'{}' is no fixed slit", setup.primary_slit), {.keyword = "FXD_SLIT"},
                fmt::format("The fixed slits are {}", fmt::join(kFixedSlits, ", ")));
  }
  const std::string& name = setup.subarray;
  std::string_view only;
  if (name == "SUBS200A1" || name == "SUBS200A2" || name == "SUBS400A1" || name == "SUBS200B1") {
    only = std::string_view(name).substr(3);
  }
  if (name == "SUB2048" || name == "SUB512" || name == "SUB512S" || name == "SUB1024A" || name == "SUB1024B") only = "S1600A1";
  std::vector<wcs::SlitDescription> open;
  for (const std::string_view slit : kFixedSlits) {
    if (only.empty() || only == slit) open.push_back(fixed_slit(slit, setup));
  }
  return open;
}

}  // namespace spec2::assign_wcs::nirspec
