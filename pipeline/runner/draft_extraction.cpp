#include "pipeline/runner/draft_extraction.hpp"

#include <utility>

#include "pipeline/chain/chain.hpp"

namespace spec2::pipeline {
namespace {

class NoFiles final : public SideProducts {
 public:
  void write(const Exposure&, std::string_view) override {}
};

}  // namespace

DraftExtraction::DraftExtraction(const ReferenceSelector& selector, ParameterSet parameters, const Metadata& header)
    : parameters_(std::move(parameters)),
      references_(selector, parameters_, header),
      extract_2d_(make_step("extract_2d", parameters_.step("extract_2d"))),
      extract_1d_(make_step("extract_1d", parameters_.step("extract_1d"))) {}

std::vector<Spectrum> DraftExtraction::extract(const Exposure& exposure, StepContext& context) const {
  StepResult cut = run(*extract_2d_, exposure.clone(context.account), context);
  for (Slit& slit : cut.exposure.slits) slit.source_type = SourceType::point;
  return run(*extract_1d_, std::move(cut.exposure), context).exposure.spectra;
}

StepResult DraftExtraction::run(const Step& step, Exposure exposure, StepContext& context) const {
  StepReferences references(references_, step.info().name, context.references.cache());
  NoFiles files;
  // Silent: that photom has not run, for instance, is known.
  StepContext own{context.account, Log(), context.parallel, context.cancel, references, files};
  return step.run(std::move(exposure), own);
}

}  // namespace spec2::pipeline
