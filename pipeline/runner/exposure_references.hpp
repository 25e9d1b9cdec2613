#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datamodels/metadata.hpp"
#include "pipeline/config/parameter_set.hpp"
#include "pipeline/crds/reference_selector.hpp"
#include "pipeline/runner/run.hpp"
#include "steps/step.hpp"

namespace spec2::pipeline {

/// Header values as the reference rules look at them.
HeaderValues header_values(const Metadata& meta);

/// The reference files of one exposure: chosen by the rules of the context, or given by override_<type> parameters.
class ExposureReferences {
 public:
  ExposureReferences(const ReferenceSelector& selector, const ParameterSet& parameters, const Metadata& header);

  /// Choice for a step and type: the override of the step if it has one. Made once; safe from several threads.
  const PlannedReference& choose(std::string_view step, std::string_view type) const { return choice(step, type).planned; }
  /// Path of the chosen file; empty for N/A. Throws Error(reference) when there is none or it is not in the cache.
  std::optional<std::string> path(std::string_view step, std::string_view type) const;

 private:
  struct Choice {
    PlannedReference planned;
    std::string path;
    bool is_override = false;
  };
  const Choice& choice(std::string_view step, std::string_view type) const;
  Choice make_choice(std::string_view step, std::string_view type) const;
  std::optional<std::string> override_of(std::string_view step, std::string_view type) const;

  const ReferenceSelector* selector_;
  const ParameterSet* parameters_;
  HeaderValues header_;
  mutable std::mutex lock_;
  mutable std::map<std::pair<std::string, std::string>, Choice> choices_;  ///< by step and type
};

/// What a step sees of them; notes R_<TYPE> keywords of the types it asks for.
class StepReferences final : public References {
 public:
  StepReferences(const ExposureReferences& references, std::string_view step, ReferenceCache& cache)
      : references_(&references), step_(step), cache_(&cache) {}

  std::optional<std::string> path(std::string_view type) override;
  ReferenceCache& cache() override { return *cache_; }
  /// Keywords and values to be put into the header after the step.
  const std::map<std::string, std::string>& used() const noexcept { return used_; }

 private:
  const ExposureReferences* references_;
  std::string step_;
  ReferenceCache* cache_;
  std::map<std::string, std::string> used_;
};

}  // namespace spec2::pipeline
