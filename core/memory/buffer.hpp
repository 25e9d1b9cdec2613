#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "core/memory/account.hpp"
#include "core/memory/block_pool.hpp"

namespace spec2 {

/// Move-only storage of a plane: one block and the reservation that pays for it, so the charge follows the block wherever
/// it is moved. Has the interface of a container that xtensor asks of its storage. A buffer made without an account is
/// empty and cannot grow.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  using value_type = T;
  using reference = T&;
  using const_reference = const T&;
  using pointer = T*;
  using const_pointer = const T*;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using iterator = T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;
  using allocator_type = std::allocator<T>;  // named by xtensor, never used

  Buffer() = default;
  /// The form in which xtensor makes the storage of an empty tensor; `count` must be 0.
  Buffer(std::size_t count, const T&) {
    if (count != 0) throw Error(ErrorCause::internal, "a plane needs a memory account");
  }

  /// `count` values of T{} charged to `account`. Throws Error(budget) before anything is allocated.
  Buffer(Account& account, std::size_t count, std::string_view purpose) { reserve(account, count, purpose, true); }

  struct NotFilled {};
  /// As above, the values left unset: for blocks that are written in full at once.
  Buffer(Account& account, std::size_t count, std::string_view purpose, NotFilled) { reserve(account, count, purpose, false); }

  Buffer(Buffer&& other) noexcept
      : reservation_(std::move(other.reservation_)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}

  Buffer& operator=(Buffer&& other) noexcept {
    if (this != &other) {
      drop();
      reservation_ = std::move(other.reservation_);
      data_ = std::exchange(other.data_, nullptr);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }

  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { drop(); }

  Account* account() const noexcept { return reservation_.account(); }
  std::size_t bytes() const noexcept { return reservation_.bytes(); }
  /// Passes the charge to another account of the tree.
  void charge_to(Account& account, std::string_view purpose) { reservation_.move_to(account, purpose); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  T* data() noexcept { return data_; }
  const T* data() const noexcept { return data_; }
  T& operator[](std::size_t i) noexcept { return data_[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  T& front() { return data_[0]; }
  const T& front() const { return data_[0]; }
  T& back() { return data_[size_ - 1]; }
  const T& back() const { return data_[size_ - 1]; }
  iterator begin() noexcept { return data_; }
  iterator end() noexcept { return data_ + size_; }
  const_iterator begin() const noexcept { return data_; }
  const_iterator end() const noexcept { return data_ + size_; }
  const_iterator cbegin() const noexcept { return data_; }
  const_iterator cend() const noexcept { return data_ + size_; }
  reverse_iterator rbegin() noexcept { return reverse_iterator(end()); }
  reverse_iterator rend() noexcept { return reverse_iterator(begin()); }
  const_reverse_iterator rbegin() const noexcept { return const_reverse_iterator(end()); }
  const_reverse_iterator rend() const noexcept { return const_reverse_iterator(begin()); }
  const_reverse_iterator crbegin() const noexcept { return rbegin(); }
  const_reverse_iterator crend() const noexcept { return rend(); }

  /// xtensor asks for this when a tensor changes shape; the old values are not kept, as there.
  void resize(std::size_t count) {
    if (count == size_) return;
    if (!reservation_.account()) {
      throw Error(ErrorCause::internal, "a plane without a memory account cannot grow");
    }
    *this = Buffer(*reservation_.account(), count, "resized plane");
  }

  void swap(Buffer& other) noexcept {
    std::swap(reservation_, other.reservation_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

 private:
  // Values of T{} are made of zero bytes: T is a number or an array of numbers.
  void reserve(Account& account, std::size_t count, std::string_view purpose, bool zeroed) {
    if (count > std::numeric_limits<std::size_t>::max() / 2 / sizeof(T)) {
      throw Error(ErrorCause::data, "a plane is larger than the address space", {}, "Check NAXIS of the input");
    }
    if (count == 0) {
      reservation_ = Reservation(account, 0, purpose);
      return;
    }
    reservation_ = Reservation(account, count * sizeof(T), purpose);
    BlockPool& pool = BlockPool::process();
    data_ = static_cast<T*>(zeroed ? pool.allocate_zeroed(count * sizeof(T)) : pool.allocate(count * sizeof(T)));
    size_ = count;
  }

  void drop() noexcept {
    if (data_) BlockPool::process().free(data_, size_ * sizeof(T));
    data_ = nullptr;
    size_ = 0;
    reservation_.reset();
  }

  Reservation reservation_;
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

template <class T>
void swap(Buffer<T>& a, Buffer<T>& b) noexcept {
  a.swap(b);
}

}  // namespace spec2
