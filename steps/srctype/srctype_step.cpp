#include "steps/srctype/srctype_step.hpp"

#include <algorithm>
#include <cctype>

#include "datamodels/exposure_type.hpp"

namespace spec2 {
namespace {

SourceType parse_type(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text == "POINT" ? SourceType::point : text == "EXTENDED" ? SourceType::extended : SourceType::unknown;
}

}  // namespace

const StepInfo& SourceTypeStep::info() const {
  static constexpr StepInfo kInfo{"srctype", "S_SRCTYP", {}, {}};
  return kInfo;
}

SourceType target_source_type(const Metadata& header, const std::optional<std::string>& requested) {
  if (requested) return parse_type(*requested);
  if (header.find_boolean("BKGDTARG").value_or(false)) return SourceType::extended;
  if (is_time_series(header)) return SourceType::point;
  const auto from_user = header.find_text("SRCTYAPT");
  const SourceType user = parse_type(from_user ? *from_user : header.find_text("SRCTYPE").value_or(""));
  if (user != SourceType::unknown) return user;
  const std::string pattern = header.find_text("PATTTYPE").value_or("");
  if (pattern.find("NOD") != std::string::npos || pattern.find("POINT-SOURCE") != std::string::npos) return SourceType::point;
  return header.find_text("EXP_TYPE").value_or("") == "NRS_IFU" ? SourceType::extended : SourceType::point;
}

StepResult SourceTypeStep::run(Exposure exposure, StepContext& context) const {
  const std::string exp_type = exposure.exp_type();
  if (exp_type != "NRS_FIXEDSLIT" && exp_type != "NRS_BRIGHTOBJ") {
    const SourceType type = is_time_series(exposure.meta) ? SourceType::point : SourceType::unknown;
    if (type == SourceType::unknown) context.log.warning("EXP_TYPE {} has no source type; SRCTYPE is UNKNOWN", exp_type);
    exposure.meta.set("SRCTYPE", std::string(to_string(type)));
    return {std::move(exposure), StepStatus::complete, {}};
  }
  if (!exposure.meta.has("SRCTYAPT") && exposure.meta.has("SRCTYPE")) {
    exposure.meta.set("SRCTYAPT", exposure.meta.text("SRCTYPE"));
  }
  const SourceType type = target_source_type(exposure.meta, config_.source_type);
  exposure.meta.set("SRCTYPE", std::string(to_string(type)));
  const std::string primary = exposure.meta.find_text("FXD_SLIT").value_or("");
  for (Slit& slit : exposure.slits) {
    // The target is in one slit; what shines through the others is taken as extended.
    slit.source_type = exp_type == "NRS_BRIGHTOBJ" || slit.name == primary ? type : SourceType::extended;
    if (exp_type == "NRS_FIXEDSLIT" && slit.name == primary && type == SourceType::extended) {
      slit.source_xpos = 0.0;
      slit.source_ypos = 0.0;
    }
    context.log.debug("slit {}: {}", slit.name, to_string(slit.source_type));
  }
  return {std::move(exposure), StepStatus::complete, {}};
}

}  // namespace spec2
