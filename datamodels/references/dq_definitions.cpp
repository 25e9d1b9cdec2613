#include "datamodels/references/dq_definitions.hpp"

#include <array>
#include <utility>

#include "datamodels/dq.hpp"

namespace spec2 {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 33> kFlags = {{
    {"GOOD", dq::kGood},
    {"DO_NOT_USE", dq::kDoNotUse},
    {"SATURATED", dq::kSaturated},
    {"JUMP_DET", dq::kJumpDet},
    {"DROPOUT", dq::kDropout},
    {"OUTLIER", dq::kOutlier},
    {"PERSISTENCE", dq::kPersistence},
    {"AD_FLOOR", dq::kAdFloor},
    {"CHARGELOSS", dq::kChargeLoss},
    {"RESERVED", dq::kReserved},
    {"NON_SCIENCE", dq::kNonScience},
    {"DEAD", dq::kDead},
    {"HOT", dq::kHot},
    {"WARM", dq::kWarm},
    {"LOW_QE", dq::kLowQe},
    {"RC", dq::kRc},
    {"TELEGRAPH", dq::kTelegraph},
    {"NONLINEAR", dq::kNonlinear},
    {"BAD_REF_PIXEL", dq::kBadRefPixel},
    {"NO_FLAT_FIELD", dq::kNoFlatField},
    {"NO_GAIN_VALUE", dq::kNoGainValue},
    {"NO_LIN_CORR", dq::kNoLinCorr},
    {"NO_SAT_CHECK", dq::kNoSatCheck},
    {"UNRELIABLE_BIAS", dq::kUnreliableBias},
    {"UNRELIABLE_DARK", dq::kUnreliableDark},
    {"UNRELIABLE_SLOPE", dq::kUnreliableSlope},
    {"UNRELIABLE_FLAT", dq::kUnreliableFlat},
    {"OPEN", dq::kOpen},
    {"ADJ_OPEN", dq::kAdjOpen},
    {"FLUX_ESTIMATED", dq::kFluxEstimated},
    {"MSA_FAILED_OPEN", dq::kMsaFailedOpen},
    {"OTHER_BAD_PIXEL", dq::kOtherBadPixel},
    {"REFERENCE_PIXEL", dq::kReferencePixel},
}};

}  // namespace

std::uint32_t dq_flag(std::string_view mnemonic) noexcept {
  for (const auto& [name, flag] : kFlags) {
    if (name == mnemonic) return flag;
  }
  return 0;
}

std::string_view dq_mnemonic(std::uint32_t flag) noexcept {
  for (const auto& [name, value] : kFlags) {
    if (value == flag) return name;
  }
  return {};
}

DqDefinitions DqDefinitions::read(io::FitsFile& file) {
  DqDefinitions definitions;
  if (!file.has("DQ_DEF") || file.info("DQ_DEF").rows == 0) return definitions;
  definitions.has_table_ = true;
  const auto bits = file.column_integer("DQ_DEF", 1, "BIT");
  const auto names = file.column_text("DQ_DEF", 1, "NAME");
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const std::uint32_t flag = dq_flag(names[i]);
    if (flag != 0 && bits[i] >= 0 && bits[i] < 32) definitions.bits_.push_back({1u << bits[i], flag});
  }
  return definitions;
}

void DqDefinitions::translate(std::span<std::uint32_t> dq) const {
  if (!has_table_) return;
  for (std::uint32_t& value : dq) {
    std::uint32_t standard = 0;
    for (const Bit& bit : bits_) standard |= (value & bit.in_file) != 0 ? bit.standard : 0u;
    value = standard;
  }
}

}  // namespace spec2
