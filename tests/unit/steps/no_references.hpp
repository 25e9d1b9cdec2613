#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "datamodels/references/reference_cache.hpp"
#include "steps/step.hpp"

namespace spec2::test {

/// For steps that have none: every type is N/A.
class NoReferences final : public References {
 public:
  std::optional<std::string> path(std::string_view) override { return std::nullopt; }
  ReferenceCache& cache() override { return cache_; }

 private:
  Account account_{"cache"};
  ReferenceCache cache_{account_, 1 << 20};
};

}  // namespace spec2::test
