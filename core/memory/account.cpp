#include "core/memory/account.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/memory/byte_text.hpp"

namespace spec2 {

Account::Account(std::string name, std::size_t limit_bytes) : name_(std::move(name)), limit_(limit_bytes) {}

Account::Account(std::string name, Account& parent, std::size_t limit_bytes)
    : name_(std::move(name)), parent_(&parent), limit_(limit_bytes) {
  const std::lock_guard lock(parent.children_lock_);
  parent.children_.push_back(this);
}

Account::~Account() {
  if (!parent_) return;
  const std::lock_guard lock(parent_->children_lock_);
  std::erase(parent_->children_, this);
}

const Account& Account::root() const noexcept {
  const Account* node = this;
  while (node->parent_) node = node->parent_;
  return *node;
}

std::string Account::path() const {
  return parent_ ? parent_->path() + " > " + name_ : name_;
}

std::vector<std::string> Account::chain() const {
  std::vector<std::string> names = parent_ ? parent_->chain() : std::vector<std::string>();
  names.push_back(name_);
  return names;
}

bool Account::try_add(std::size_t bytes) noexcept {
  std::size_t used = live_.load(std::memory_order_relaxed);
  do {
    if (bytes > limit_ || used > limit_ - bytes) return false;
  } while (!live_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  std::size_t peak = peak_.load(std::memory_order_relaxed);
  while (peak < used + bytes && !peak_.compare_exchange_weak(peak, used + bytes, std::memory_order_relaxed)) {
  }
  return true;
}

void Account::charge(std::size_t bytes, std::string_view purpose) { add_to_tree(bytes, purpose); }

/// Gives the ledger of the tree.
Ledger* Account::add_to_tree(std::size_t bytes, std::string_view purpose) {
  Account* at_top = this;
  while (at_top->parent_) at_top = at_top->parent_;
  Account& top = *at_top;
  const std::uint64_t ordinal = top.charges_.fetch_add(1, std::memory_order_relaxed);
  if (&top != this) charges_.fetch_add(1, std::memory_order_relaxed);
  if (top.hook_) top.hook_(ordinal, bytes);
  for (Account* node = this; node; node = node->parent_) {
    if (node->try_add(bytes)) continue;
    for (Account* undo = this; undo != node; undo = undo->parent_) undo->live_.fetch_sub(bytes, std::memory_order_relaxed);
    refuse(*node, bytes, purpose);
  }
  return top.ledger_;
}

ChargeId Account::take(std::size_t bytes, std::string_view purpose) {
  Ledger* const ledger = add_to_tree(bytes, purpose);
  if (!ledger || bytes == 0) return 0;
  try {
    return ledger->add(*this, bytes, purpose);
  } catch (...) {
    release(bytes);
    throw;
  }
}

void Account::give_back(ChargeId id, std::size_t bytes) noexcept {
  if (id != 0) {
    if (Ledger* const ledger = root().ledger_) ledger->remove(id);
  }
  release(bytes);
}

void Account::release(std::size_t bytes) noexcept {
  for (Account* node = this; node; node = node->parent_) node->live_.fetch_sub(bytes, std::memory_order_relaxed);
}

void Account::reset_peak() noexcept { peak_.store(live_.load(std::memory_order_relaxed), std::memory_order_relaxed); }

void Account::set_charge_hook(ChargeHook hook) { hook_ = std::move(hook); }

std::vector<Account::Holder> Account::holders(std::size_t at_most) const {
  const std::lock_guard lock(children_lock_);
  std::vector<Holder> found;
  std::size_t in_children = 0;
  for (const Account* child : children_) {
    found.push_back({child->name_, child->live_bytes()});
    in_children += child->live_bytes();
  }
  const std::size_t live = live_bytes();
  if (live > in_children) found.push_back({name_ + " itself", live - in_children});
  std::sort(found.begin(), found.end(), [](const Holder& a, const Holder& b) { return a.bytes > b.bytes; });
  if (found.size() > at_most) found.resize(at_most);
  return found;
}

void Account::refuse(const Account& refusing, std::size_t bytes, std::string_view purpose) const {
  std::string largest;
  for (const Holder& holder : refusing.holders(3)) {
    largest += fmt::format("{}{} {}", largest.empty() ? "" : ", ", holder.name, byte_text(holder.bytes));
  }
  throw Error(ErrorCause::budget,
              fmt::format("memory budget of {} passed: {} asked {} for {}, used {}, limit {}, peak {}; largest holders: {}",
                          refusing.path(), name_, byte_text(bytes), purpose, byte_text(refusing.live_bytes()),
                          byte_text(refusing.limit_), byte_text(refusing.peak_bytes()), largest.empty() ? "none" : largest),
              {}, "Raise --memory or the step's memory_budget, or use fewer threads");
}

Reservation::Reservation(Account& account, std::size_t bytes, std::string_view purpose)
    : account_(&account), bytes_(bytes), id_(account.take(bytes, purpose)) {}

Reservation::Reservation(Reservation&& other) noexcept
    : account_(std::exchange(other.account_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      id_(std::exchange(other.id_, 0)) {}

Reservation& Reservation::operator=(Reservation&& other) noexcept {
  if (this != &other) {
    reset();
    account_ = std::exchange(other.account_, nullptr);
    bytes_ = std::exchange(other.bytes_, 0);
    id_ = std::exchange(other.id_, 0);
  }
  return *this;
}

void Reservation::grow(std::size_t bytes, std::string_view purpose) {
  if (!account_) throw Error(ErrorCause::internal, "a reservation without an account cannot grow");
  if (id_ == 0) {
    id_ = account_->take(bytes, purpose);
  } else {
    account_->charge(bytes, purpose);
    if (Ledger* const ledger = account_->ledger()) ledger->grow(id_, bytes);
  }
  bytes_ += bytes;
}

void Reservation::reset() noexcept {
  if (account_) account_->give_back(id_, bytes_);
  account_ = nullptr;
  bytes_ = 0;
  id_ = 0;
}

void Reservation::move_to(Account& other, std::string_view purpose) {
  if (!account_ || account_ == &other) return;
  // The old charge goes first: both live in the same tree, and charging first would count the bytes twice at the root.
  Account* const old = account_;
  Ledger* const known_to = old->ledger();
  old->release(bytes_);
  try {
    other.charge(bytes_, purpose);
  } catch (...) {
    if (known_to && id_ != 0) known_to->remove(id_);
    account_ = nullptr;
    bytes_ = 0;
    id_ = 0;
    throw;
  }
  account_ = &other;
  if (id_ == 0) return;
  if (other.ledger() == known_to) {
    if (known_to) known_to->move(id_, other, purpose);
  } else {
    // Into another tree, whose ledger does not know the block.
    if (known_to) known_to->remove(id_);
    id_ = 0;
  }
}

}  // namespace spec2
