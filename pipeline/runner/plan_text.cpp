#include "core/memory/byte_text.hpp"
#include "pipeline/runner/run.hpp"

namespace spec2::pipeline {

std::string plan_text(const std::vector<ProductPlan>& plans) {
  std::string text;
  for (const ProductPlan& plan : plans) {
    text += fmt::format("product {}\n  science {}\n", plan.name, plan.science);
    if (!plan.problem.empty()) text += fmt::format("  would fail: {}\n", plan.problem);
    if (!plan.steps.empty()) text += fmt::format("  {:<22} {:>10} {:>10} {:>10}\n", "step", "before", "peak", "after");
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const PlannedStep& step = plan.steps[i];
      if (!step.runs) {
        text += fmt::format("  {:<22} skipped: {}\n", step.name, step.reason);
      } else if (i < plan.memory.size()) {
        const PlannedMemory& memory = plan.memory[i];
        text += fmt::format("  {:<22} {:>10} {:>10} {:>10}\n", step.name, byte_text(memory.before), byte_text(memory.peak),
                            byte_text(memory.after));
      } else {
        text += fmt::format("  {:<22} runs\n", step.name);
      }
    }
    if (plan.block_integrations < plan.integrations) {
      text += fmt::format("  {} integrations in blocks of {}; peak of the blocks after the first {}\n", plan.integrations,
                          plan.block_integrations, byte_text(plan.blocks_peak));
    }
    if (!plan.references.empty()) text += "  references\n";
    for (const PlannedReference& reference : plan.references) {
      const std::string state = reference.file.empty() ? "NONE: " + reference.message
                                : reference.present    ? ""
                                                       : "MISSING in the cache";
      text += fmt::format("  {:<22} {}{}{}\n", reference.type, reference.file,
                          reference.file.empty() || state.empty() ? "" : "  ", state);
    }
  }
  return text;
}

}  // namespace spec2::pipeline
