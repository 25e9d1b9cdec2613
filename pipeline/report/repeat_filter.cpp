#include "pipeline/report/repeat_filter.hpp"

#include <functional>

namespace spec2::pipeline {

void RepeatFilter::write(LogLevel level, std::string_view scope, std::string_view message) {
  if (!target_) return;
  const std::size_t text = std::hash<std::string_view>()(message), place = std::hash<std::string_view>()(scope);
  const std::lock_guard guard(lock_);
  if (passed_.insert(text ^ (place * 31 + static_cast<std::size_t>(level))).second) target_->write(level, scope, message);
}

}  // namespace spec2::pipeline
