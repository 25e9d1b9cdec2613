#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/memory/ledger.hpp"

namespace spec2 {

/// A node of the tree of memory accounts: run -> exposure -> step. Bytes are charged to a node and to all its parents;
/// every node keeps its peak. A charge that would pass the limit of a node is taken back everywhere and refused with an
/// `Error(ErrorCause::budget)` naming the node, the request, what is used, the limit, the peak and the largest holders.
/// Charging and releasing are safe from several threads; nodes are made and destroyed by the thread that owns the parent.
class Account {
 public:
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

  /// A root account.
  explicit Account(std::string name, std::size_t limit_bytes = kUnlimited);
  /// A child; `parent` must outlive it.
  Account(std::string name, Account& parent, std::size_t limit_bytes = kUnlimited);
  ~Account();

  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  /// Adds `bytes` for `purpose` ("plane SCI"). Throws Error(budget) and leaves all accounts as they were when a limit of
  /// this node or of a parent would be passed.
  void charge(std::size_t bytes, std::string_view purpose);
  void release(std::size_t bytes) noexcept;

  const std::string& name() const noexcept { return name_; }
  /// "run > exposure jw... > step photom"
  std::string path() const;
  /// The same as a list of names, the root first.
  std::vector<std::string> chain() const;
  Account* parent() const noexcept { return parent_; }
  std::size_t live_bytes() const noexcept { return live_.load(std::memory_order_relaxed); }
  std::size_t peak_bytes() const noexcept { return peak_.load(std::memory_order_relaxed); }
  std::size_t limit_bytes() const noexcept { return limit_; }
  std::uint64_t charge_count() const noexcept { return charges_.load(std::memory_order_relaxed); }
  /// Starts a new peak from what is live now.
  void reset_peak() noexcept;

  /// Live bytes by holder: the children of this account and its own charges, largest first.
  struct Holder {
    std::string name;
    std::size_t bytes;
  };
  std::vector<Holder> holders(std::size_t at_most) const;

  /// Called before every charge with its ordinal in this tree; may throw. For fault injection in tests: set on the root.
  using ChargeHook = std::function<void(std::uint64_t ordinal, std::size_t bytes)>;
  void set_charge_hook(ChargeHook hook);

  /// Of the tree; null when none is attached to its root.
  Ledger* ledger() const noexcept { return root().ledger_; }

 private:
  friend class Ledger;
  friend class Reservation;
  /// Charges, and notes the block in the ledger of the tree; 0 without a ledger, and for no bytes.
  ChargeId take(std::size_t bytes, std::string_view purpose);
  void give_back(ChargeId id, std::size_t bytes) noexcept;
  Ledger* add_to_tree(std::size_t bytes, std::string_view purpose);
  bool try_add(std::size_t bytes) noexcept;
  [[noreturn]] void refuse(const Account& refusing, std::size_t bytes, std::string_view purpose) const;
  const Account& root() const noexcept;

  std::string name_;
  Account* parent_ = nullptr;
  std::size_t limit_;
  std::atomic<std::size_t> live_{0};
  std::atomic<std::size_t> peak_{0};
  std::atomic<std::uint64_t> charges_{0};
  mutable std::mutex children_lock_;
  std::vector<Account*> children_;
  ChargeHook hook_;
  Ledger* ledger_ = nullptr;  // of a root; set before other threads charge
  ChargeId last_charge_id_ = 0;  // of its earlier ledgers, so that ids are not used twice
};

/// A move-only charge on an account: taken on construction, given back on destruction. The entry in the ledger of the tree, when
/// it has one, goes with it.
class Reservation {
 public:
  Reservation() = default;
  Reservation(Account& account, std::size_t bytes, std::string_view purpose);
  Reservation(Reservation&& other) noexcept;
  Reservation& operator=(Reservation&& other) noexcept;
  ~Reservation() { reset(); }

  /// Adds to the charge; on refusal the reservation stays as it was.
  void grow(std::size_t bytes, std::string_view purpose);
  void reset() noexcept;
  /// Charges the same bytes to `other` and then gives back the old charge.
  void move_to(Account& other, std::string_view purpose);

  Account* account() const noexcept { return account_; }
  std::size_t bytes() const noexcept { return bytes_; }
  /// In the ledger of the tree; 0 when it has none.
  ChargeId charge_id() const noexcept { return id_; }

 private:
  Account* account_ = nullptr;
  std::size_t bytes_ = 0;
  ChargeId id_ = 0;
};

}  // namespace spec2
