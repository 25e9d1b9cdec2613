#include "steps/msa_flagging/msa_flagging_step.hpp"

namespace spec2 {

const StepInfo& MsaFlaggingStep::info() const {
  static constexpr StepInfo kInfo{"msa_flagging", "S_MSAFLG", {}, {}};
  return kInfo;
}

StepResult MsaFlaggingStep::run(Exposure exposure, StepContext& context) const {
  if (!context.references.path("msaoper")) {
    return skipped(std::move(exposure), "there is no msaoper reference for this exposure (N/A)");
  }
  throw Error(ErrorCause::user_input, "stuck-open shutters cannot be flagged yet", {.keyword = "msa_flagging"},
              "Leave the step out with --set msa_flagging.skip=true");
}

}  // namespace spec2
