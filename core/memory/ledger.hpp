#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace spec2 {

class Account;

/// A charge that a ledger knows; 0 for none.
using ChargeId = std::uint64_t;

/// What was taken of one kind of memory ("plane SCI") since the ledger began.
struct KindTotals {
  std::string kind;
  std::uint64_t allocations = 0;
  std::uint64_t allocated_bytes = 0;  ///< of all allocations, those given back included
  std::size_t live_count = 0;
  std::size_t live_bytes = 0;
  std::size_t peak_bytes = 0;         ///< most that was live of this kind at a time
};

/// One live block.
struct LiveBlock {
  ChargeId id = 0;
  std::string kind;
  std::size_t bytes = 0;
  std::vector<std::string> holders;  ///< names of the accounts, from the root to the one that is charged
  std::int64_t moment = -1;          ///< in which it was taken, see Ledger::set_moment
  std::chrono::steady_clock::time_point taken;
};

/// Blocks of one kind, with one holder, that were taken in the same moment.
struct HeldBlocks {
  std::string kind;
  std::vector<std::string> holders;  ///< from the root
  std::int64_t moment = -1;
  std::size_t count = 0;
  std::size_t bytes = 0;
};

/// Knows every block that is charged to a tree of accounts through a Reservation: what it is, how large, who holds it and
/// since when. Attached to the root it costs some hundred nanoseconds a charge; a tree without one asks for a pointer only.
/// Its memory is proportional to the blocks that are live, or were at the last peak. Safe from several threads.
///
/// Of the moment of the peak the blocks are known afterwards: those that go or change after it are put aside, until a higher
/// peak makes them history.
class Ledger {
 public:
  /// Attaches to a root account that has no ledger yet; blocks charged before are not known. The account must outlive it.
  explicit Ledger(Account& root);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Blocks taken from now on bear this number (such as that of the step at work).
  void set_moment(std::int64_t moment);

  /// All kinds that were ever taken, in the order in which they came.
  std::vector<KindTotals> kinds() const;
  std::size_t live_count() const;
  std::size_t live_bytes() const;
  /// Rises with every block that comes, goes or changes.
  std::uint64_t changes() const;

  /// Every live block, in the order in which they were taken.
  std::vector<LiveBlock> blocks() const;
  /// Live blocks by kind, holder and moment, largest first.
  std::vector<HeldBlocks> held() const;

  /// Starts a new peak from what is live now.
  void reset_peak();
  std::size_t peak_bytes() const;
  /// Who held what when most was live since `reset_peak`; as `held()` when that is now.
  std::vector<HeldBlocks> held_at_peak() const;

  /// More kinds than this are taken together as "other": the memory of the ledger must not depend on names.
  static constexpr std::size_t kMostKinds = 1024;

  // --- told by Account and Reservation
  ChargeId add(const Account& holder, std::size_t bytes, std::string_view kind);
  void grow(ChargeId id, std::size_t bytes) noexcept;
  void move(ChargeId id, const Account& holder, std::string_view kind) noexcept;
  void remove(ChargeId id) noexcept;

 private:
  struct Entry {
    const Account* holder;  // lives as long as the entry: a reservation does not outlive its account
    std::size_t bytes;
    std::size_t kind;
    std::int64_t moment;
    std::chrono::steady_clock::time_point taken;
    std::uint64_t aside_at_peak;  // number of the peak for which it was put aside
  };
  /// A block as it was at the peak.
  struct PastBlock {
    std::size_t holders;  // place in past_holders_
    std::size_t bytes;
    std::size_t kind;
    std::int64_t moment;
  };

  std::size_t kind_of(std::string_view name);
  void count_live(Entry& entry, std::size_t bytes);
  void note_peak();
  bool was_at_peak(ChargeId id, const Entry& entry) const;
  void put_aside(ChargeId id, Entry& entry);
  void try_put_aside(ChargeId id, Entry& entry) noexcept;

  Account* root_;
  mutable std::mutex lock_;
  std::unordered_map<ChargeId, Entry> entries_;
  std::vector<KindTotals> kinds_;
  std::map<std::string, std::size_t, std::less<>> kind_places_;
  ChargeId last_id_ = 0;
  std::int64_t moment_ = -1;
  std::size_t live_ = 0;
  std::uint64_t changes_ = 0;
  std::size_t peak_ = 0;
  std::uint64_t peak_number_ = 1;
  ChargeId last_at_peak_ = 0;
  std::vector<PastBlock> past_;
  std::vector<std::vector<std::string>> past_holders_;
};

}  // namespace spec2
