#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/memory/account.hpp"

namespace spec2::wcs {

/// A growing array of trivial values whose capacity is charged to an account before it is allocated.
template <class T>
class ChargedVector {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  ChargedVector(Account* account, std::string_view purpose) : purpose_(purpose) { charge_to(account); }

  std::size_t size() const noexcept { return values_.size(); }
  std::size_t bytes() const noexcept { return values_.capacity() * sizeof(T); }
  const T* data() const noexcept { return values_.data(); }
  T* data() noexcept { return values_.data(); }
  const T& operator[](std::size_t i) const noexcept { return values_[i]; }
  T& operator[](std::size_t i) noexcept { return values_[i]; }

  /// Index of the first of the new values. `values` may lie inside this array.
  std::size_t append(std::span<const T> values) {
    const std::size_t first = values_.size();
    const std::size_t wanted = first + values.size();
    if (wanted > values_.capacity()) {
      std::size_t capacity = values_.capacity() < 64 ? 64 : values_.capacity() * 2;
      if (capacity < wanted) capacity = wanted;
      // Old and new block are live while the values move over.
      Reservation paid = account_ ? Reservation(*account_, capacity * sizeof(T), purpose_) : Reservation();
      std::vector<T> larger;
      larger.reserve(capacity);
      larger.insert(larger.end(), values_.begin(), values_.end());
      larger.insert(larger.end(), values.begin(), values.end());
      values_.swap(larger);
      paid_ = std::move(paid);
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) values_.push_back(values[i]);
    }
    return first;
  }
  std::size_t push(const T& value) { return append(std::span<const T>(&value, 1)); }

  /// Drops the values and, when more than `keep_bytes` is held, the memory.
  void clear(std::size_t keep_bytes) noexcept {
    values_.clear();
    if (bytes() > keep_bytes) {
      std::vector<T>().swap(values_);
      paid_.reset();
    }
  }

  void charge_to(Account* account) {
    Reservation paid = account ? Reservation(*account, bytes(), purpose_) : Reservation();
    paid_ = std::move(paid);
    account_ = account;
  }

 private:
  std::vector<T> values_;
  Reservation paid_;
  Account* account_ = nullptr;
  std::string_view purpose_;
};

}  // namespace spec2::wcs
