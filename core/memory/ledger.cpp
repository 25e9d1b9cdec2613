#include "core/memory/ledger.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/error.hpp"
#include "core/memory/account.hpp"

namespace spec2 {
namespace {

/// Adds up blocks by kind, holder and moment.
class HeldSum {
 public:
  void add(std::size_t kind, const Account& holder, std::int64_t moment, std::size_t bytes) {
    const auto [place, is_new] = places_.emplace(&holder, holders_.size());
    if (is_new) holders_.push_back(holder.chain());
    add_to(kind, place->second, moment, bytes);
  }
  void add(std::size_t kind, const std::vector<std::string>& holders, std::int64_t moment, std::size_t bytes) {
    auto place = std::find(holders_.begin(), holders_.end(), holders);
    if (place == holders_.end()) place = holders_.insert(place, holders);
    add_to(kind, static_cast<std::size_t>(place - holders_.begin()), moment, bytes);
  }

  /// Largest first.
  std::vector<HeldBlocks> sorted(const std::vector<KindTotals>& kinds) const {
    std::vector<HeldBlocks> found;
    found.reserve(sums_.size());
    for (const auto& [key, sum] : sums_) {
      const auto& [kind, holder, moment] = key;
      found.push_back({kinds[kind].kind, holders_[holder], moment, sum.count, sum.bytes});
    }
    std::stable_sort(found.begin(), found.end(), [](const HeldBlocks& a, const HeldBlocks& b) { return a.bytes > b.bytes; });
    return found;
  }

 private:
  struct Sum {
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  void add_to(std::size_t kind, std::size_t holder, std::int64_t moment, std::size_t bytes) {
    Sum& sum = sums_[{kind, holder, moment}];
    ++sum.count;
    sum.bytes += bytes;
  }

  std::map<std::tuple<std::size_t, std::size_t, std::int64_t>, Sum> sums_;
  std::vector<std::vector<std::string>> holders_;
  std::map<const Account*, std::size_t> places_;
};

}  // namespace

Ledger::Ledger(Account& root) : root_(&root) {
  if (root.parent() || root.ledger_) {
    throw Error(ErrorCause::internal, "a ledger is for a root account that has none: " + root.path());
  }
  last_id_ = last_at_peak_ = root.last_charge_id_;
  root.ledger_ = this;
}

Ledger::~Ledger() {
  root_->ledger_ = nullptr;
  root_->last_charge_id_ = last_id_;
}

void Ledger::set_moment(std::int64_t moment) {
  const std::lock_guard guard(lock_);
  moment_ = moment;
}

std::size_t Ledger::kind_of(std::string_view name) {
  if (const auto found = kind_places_.find(name); found != kind_places_.end()) return found->second;
  if (kinds_.size() + 1 >= kMostKinds && name != "other") return kind_of("other");
  kinds_.push_back({std::string(name)});
  return kind_places_.emplace(name, kinds_.size() - 1).first->second;
}

/// The size of an entry changes to `bytes`.
void Ledger::count_live(Entry& entry, std::size_t bytes) {
  ++changes_;
  KindTotals& kind = kinds_[entry.kind];
  kind.live_bytes = kind.live_bytes - entry.bytes + bytes;
  kind.peak_bytes = std::max(kind.peak_bytes, kind.live_bytes);
  live_ = live_ - entry.bytes + bytes;
  entry.bytes = bytes;
}

void Ledger::note_peak() {
  if (live_ <= peak_) return;
  peak_ = live_;
  ++peak_number_;
  last_at_peak_ = last_id_;
  past_.clear();
  past_holders_.clear();
}

ChargeId Ledger::add(const Account& holder, std::size_t bytes, std::string_view kind) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard guard(lock_);
  const std::size_t place = kind_of(kind);
  Entry& entry = entries_.emplace(last_id_ + 1, Entry{&holder, 0, place, moment_, now, 0}).first->second;
  ++last_id_;
  ++kinds_[place].allocations;
  kinds_[place].allocated_bytes += bytes;
  ++kinds_[place].live_count;
  count_live(entry, bytes);
  note_peak();
  return last_id_;
}

void Ledger::grow(ChargeId id, std::size_t bytes) noexcept {
  const std::lock_guard guard(lock_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  try_put_aside(id, entry);
  ++kinds_[entry.kind].allocations;
  kinds_[entry.kind].allocated_bytes += bytes;
  count_live(entry, entry.bytes + bytes);
  note_peak();
}

void Ledger::move(ChargeId id, const Account& holder, std::string_view kind) noexcept {
  const std::lock_guard guard(lock_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  try_put_aside(id, entry);
  std::size_t place = entry.kind;
  try {
    place = kind_of(kind);
  } catch (...) {
    // Without memory for a new kind it keeps its old one.
  }
  entry.holder = &holder;
  ++changes_;
  if (place == entry.kind) return;
  const std::size_t bytes = entry.bytes;
  count_live(entry, 0);
  --kinds_[entry.kind].live_count;
  entry.kind = place;
  ++kinds_[place].live_count;
  count_live(entry, bytes);
}

void Ledger::remove(ChargeId id) noexcept {
  const std::lock_guard guard(lock_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  try_put_aside(id, found->second);
  count_live(found->second, 0);
  --kinds_[found->second.kind].live_count;
  entries_.erase(found);
}

bool Ledger::was_at_peak(ChargeId id, const Entry& entry) const {
  return id <= last_at_peak_ && entry.aside_at_peak != peak_number_;
}

void Ledger::try_put_aside(ChargeId id, Entry& entry) noexcept {
  try {
    put_aside(id, entry);
  } catch (...) {
    // Without memory for it the peak is told without this block.
    entry.aside_at_peak = peak_number_;
  }
}

/// Before a block goes or changes: how it was at the peak.
void Ledger::put_aside(ChargeId id, Entry& entry) {
  if (!was_at_peak(id, entry)) return;
  std::vector<std::string> holders = entry.holder->chain();
  auto place = std::find(past_holders_.begin(), past_holders_.end(), holders);
  if (place == past_holders_.end()) place = past_holders_.insert(place, std::move(holders));
  past_.push_back({static_cast<std::size_t>(place - past_holders_.begin()), entry.bytes, entry.kind, entry.moment});
  entry.aside_at_peak = peak_number_;
}

std::vector<KindTotals> Ledger::kinds() const {
  const std::lock_guard guard(lock_);
  return kinds_;
}

std::size_t Ledger::live_count() const {
  const std::lock_guard guard(lock_);
  return entries_.size();
}

std::size_t Ledger::live_bytes() const {
  const std::lock_guard guard(lock_);
  return live_;
}

std::uint64_t Ledger::changes() const {
  const std::lock_guard guard(lock_);
  return changes_;
}

std::size_t Ledger::peak_bytes() const {
  const std::lock_guard guard(lock_);
  return peak_;
}

void Ledger::reset_peak() {
  const std::lock_guard guard(lock_);
  peak_ = live_;
  ++peak_number_;
  last_at_peak_ = last_id_;
  past_.clear();
  past_holders_.clear();
}

std::vector<LiveBlock> Ledger::blocks() const {
  const std::lock_guard guard(lock_);
  std::vector<LiveBlock> found;
  found.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) {
    found.push_back({id, kinds_[entry.kind].kind, entry.bytes, entry.holder->chain(), entry.moment, entry.taken});
  }
  std::sort(found.begin(), found.end(), [](const LiveBlock& a, const LiveBlock& b) { return a.id < b.id; });
  return found;
}

std::vector<HeldBlocks> Ledger::held() const {
  const std::lock_guard guard(lock_);
  HeldSum sum;
  for (const auto& [id, entry] : entries_) sum.add(entry.kind, *entry.holder, entry.moment, entry.bytes);
  return sum.sorted(kinds_);
}

std::vector<HeldBlocks> Ledger::held_at_peak() const {
  const std::lock_guard guard(lock_);
  HeldSum sum;
  for (const auto& [id, entry] : entries_) {
    if (was_at_peak(id, entry)) sum.add(entry.kind, *entry.holder, entry.moment, entry.bytes);
  }
  for (const PastBlock& block : past_) sum.add(block.kind, past_holders_[block.holders], block.moment, block.bytes);
  return sum.sorted(kinds_);
}

}  // namespace spec2
