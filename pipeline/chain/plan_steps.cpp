#include <algorithm>
#include <array>
#include <span>

#include "core/error.hpp"
#include "pipeline/chain/chain.hpp"

namespace spec2::pipeline {
namespace {

using namespace std::string_view_literals;

/// EXP_TYPEs of the modes that go through the chain of NIRSpec slits.
constexpr std::array kSlitTypes = {"NRS_FIXEDSLIT"sv, "NRS_BRIGHTOBJ"sv, "NRS_LAMP"sv, "NRS_AUTOWAVE"sv, "NRS_AUTOFLAT"sv};

struct ChainRow {
  std::string_view step;
  std::string_view status_keyword;
  ChainPart part;
};

/// The chain of NIRSpec slits (fixed slits, bright objects, lamps). master_background_mos has no keyword: the peer's
/// status of it never reaches a header.
constexpr std::array kSlitChain = {
    ChainRow{"assign_wcs", "S_WCS", ChainPart::calibration},
    ChainRow{"badpix_selfcal", "S_BPXSLF", ChainPart::calibration},
    ChainRow{"msa_flagging", "S_MSAFLG", ChainPart::calibration},
    ChainRow{"clean_flicker_noise", "S_CLNFNS", ChainPart::calibration},
    ChainRow{"imprint_subtract", "S_IMPRNT", ChainPart::calibration},
    ChainRow{"bkg_subtract", "S_BKDSUB", ChainPart::calibration},
    ChainRow{"extract_2d", "S_EXTR2D", ChainPart::calibration},
    ChainRow{"srctype", "S_SRCTYP", ChainPart::calibration},
    ChainRow{"master_background_mos", "", ChainPart::calibration},
    ChainRow{"wavecorr", "S_WAVCOR", ChainPart::calibration},
    ChainRow{"flat_field", "S_FLAT", ChainPart::calibration},
    ChainRow{"pathloss", "S_PTHLOS", ChainPart::calibration},
    ChainRow{"barshadow", "S_BARSHA", ChainPart::calibration},
    ChainRow{"photom", "S_PHOTOM", ChainPart::calibration},
    ChainRow{"adaptive_trace_model", "S_TRCMOD", ChainPart::extraction},
    ChainRow{"pixel_replace", "S_PXREPL", ChainPart::extraction},
    ChainRow{"resample_spec", "S_RESAMP", ChainPart::extraction},
    ChainRow{"extract_1d", "S_EXTR1D", ChainPart::extraction},
};

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// A line lamp seen through slits: its spectra are resampled as those of the sky.
bool is_slit_line_lamp(const Metadata& header, std::string_view exp_type) {
  if (!is_one_of(exp_type, {"NRS_LAMP", "NRS_AUTOWAVE"})) return false;
  const std::string lamp = header.find_text("LAMP").value_or("");
  const std::string mode = header.find_text("OPMODE").value_or("");
  return (lamp.starts_with("LIN") || lamp.starts_with("REF")) && is_one_of(mode, {"MSASPEC", "FIXEDSLIT", "BRIGHTOBJ"});
}

/// Why the pipeline leaves the step out for this exposure; empty when it does not.
std::string mode_reason(std::string_view step, const Metadata&, std::string_view exp_type, const MemberCounts& members) {
  const auto only_for = [&](std::initializer_list<std::string_view> types) {
    return is_one_of(exp_type, types) ? std::string() : fmt::format("not for {}", exp_type);
  };
  if (step == "msa_flagging") return only_for({"NRS_MSASPEC", "NRS_IFU", "NRS_LAMP", "NRS_AUTOFLAT", "NRS_AUTOWAVE"});
  if (step == "clean_flicker_noise") return only_for({"NRS_MSASPEC", "NRS_IFU", "NRS_FIXEDSLIT", "NRS_BRIGHTOBJ"});
  if (step == "imprint_subtract") return only_for({"NRS_MSASPEC", "NRS_IFU"});
  if (step == "bkg_subtract") return members.backgrounds > 0 ? "" : "the association has no background member";
  if (step == "master_background_mos" || step == "barshadow") return only_for({"NRS_MSASPEC"});
  if (step == "pathloss") return only_for({"NRS_FIXEDSLIT", "NRS_MSASPEC", "NRS_IFU"});
  return {};
}

/// resample_spec is not even asked for these: its keyword stays unset.
bool is_resampled(const Metadata& header, std::string_view exp_type) {
  return is_one_of(exp_type, {"NRS_FIXEDSLIT", "NRS_MSASPEC"}) || is_slit_line_lamp(header, exp_type);
}

}  // namespace

std::vector<PlannedStep> plan_steps(const Metadata& header, const MemberCounts& members, const ParametersOf& parameters) {
  const std::string exp_type = header.text("EXP_TYPE");
  if (std::find(kSlitTypes.begin(), kSlitTypes.end(), exp_type) == kSlitTypes.end()) {
    throw Error(ErrorCause::data, fmt::format("EXP_TYPE {} is none that spec2 calibrates", exp_type),
                {.file = header.file(), .hdu = "PRIMARY", .keyword = "EXP_TYPE"},
                fmt::format("Use exposures of type {}", fmt::join(kSlitTypes, ", ")));
  }
  std::vector<PlannedStep> planned;
  for (const ChainRow& row : kSlitChain) {
    if (row.step == "resample_spec" && !is_resampled(header, exp_type)) continue;
    PlannedStep& step = planned.emplace_back(
        PlannedStep{std::string(row.step), std::string(row.status_keyword), row.part, true, {}});
    step.reason = parameters(row.step).boolean("skip") ? "switched off (skip = true)"
                                                       : mode_reason(row.step, header, exp_type, members);
    step.runs = step.reason.empty();
  }
  return planned;
}

}  // namespace spec2::pipeline
