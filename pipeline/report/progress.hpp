#pragma once

#include <cstddef>
#include <string_view>

namespace spec2::pipeline {

/// Follows a run: which product and step is at work.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void step_started(std::string_view product, std::size_t product_index, std::size_t product_count,
                            std::string_view step, std::size_t step_index, std::size_t step_count) = 0;
  /// Of a time series that goes through the chain in blocks.
  virtual void integrations_done(std::string_view /*product*/, std::size_t /*done*/, std::size_t /*total*/) {}
  virtual void product_ended(std::string_view product, std::string_view outcome) = 0;
};

}  // namespace spec2::pipeline
