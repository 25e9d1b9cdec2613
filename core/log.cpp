#include "core/log.hpp"

namespace spec2 {

Log Log::scoped(std::string_view name) const {
  Log inner = *this;
  inner.scope_ = scope_.empty() ? std::string(name) : scope_ + "/" + std::string(name);
  return inner;
}

}  // namespace spec2
