#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <typeindex>
#include <utility>

#include "core/memory/account.hpp"

namespace spec2 {

/// What a step works out once for an exposure and uses again for each block of its integrations: apertures, flats,
/// corrected wavelengths. Kept by whoever runs the step, so that the step itself holds nothing but its configuration.
class Prepared {
 public:
  /// Planes of what is kept are charged to `account`, which must outlive it.
  explicit Prepared(Account& account) : account_(account) {}

  /// The value of this type for this slit; the first call has it made by make(account). Safe from several threads.
  template <class T, class Make>
  std::shared_ptr<const T> get(std::size_t slit, Make&& make) {
    const Key key{std::type_index(typeid(T)), slit};
    {
      const std::lock_guard guard(lock_);
      if (const auto found = values_.find(key); found != values_.end()) return std::static_pointer_cast<const T>(found->second);
    }
    std::shared_ptr<const void> made = std::make_shared<const T>(make(account_));
    const std::lock_guard guard(lock_);
    return std::static_pointer_cast<const T>(values_.try_emplace(key, std::move(made)).first->second);
  }

 private:
  using Key = std::pair<std::type_index, std::size_t>;
  Account& account_;
  std::mutex lock_;
  std::map<Key, std::shared_ptr<const void>> values_;
};

}  // namespace spec2
