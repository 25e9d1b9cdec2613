#include "steps/step.hpp"

namespace spec2 {

std::string_view to_string(StepStatus status) noexcept {
  switch (status) {
    case StepStatus::complete: return "COMPLETE";
    case StepStatus::skipped: return "SKIPPED";
    case StepStatus::failed: return "FAILED";
  }
  return "";
}

}  // namespace spec2
