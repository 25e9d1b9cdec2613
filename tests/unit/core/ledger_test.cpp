#include "core/memory/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"

namespace spec2 {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::map<std::string, std::size_t> live_by_kind(const Ledger& ledger) {
  std::map<std::string, std::size_t> found;
  for (const KindTotals& kind : ledger.kinds()) found[kind.kind] = kind.live_bytes;
  return found;
}

std::size_t bytes_of(const std::vector<HeldBlocks>& held) {
  std::size_t bytes = 0;
  for (const HeldBlocks& each : held) bytes += each.bytes;
  return bytes;
}

TEST(Ledger, KnowsWhatLivesAndWhoHoldsIt) {
  Account run("run");
  Ledger ledger(run);
  Account exposure("exposure a", run);
  Account step("step photom", exposure);
  const Reservation reference(run, 30, "reference photom");
  ledger.set_moment(7);
  const Buffer<float> plane(step, 25, "plane SCI");
  const Buffer<float> other(exposure, 50, "plane SCI");
  EXPECT_EQ(ledger.live_count(), 3U);
  EXPECT_EQ(ledger.live_bytes(), run.live_bytes());
  const std::vector<LiveBlock> blocks = ledger.blocks();
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].moment, -1);
  EXPECT_EQ(blocks[1].moment, 7);
  EXPECT_EQ(blocks[1].bytes, 100U);
  EXPECT_EQ(blocks[1].kind, "plane SCI");
  EXPECT_THAT(blocks[1].holders, ElementsAre("run", "exposure a", "step photom"));
  EXPECT_LE(blocks[0].taken, blocks[1].taken);
  const std::vector<HeldBlocks> held = ledger.held();
  ASSERT_EQ(held.size(), 3U);
  EXPECT_EQ(held[0].bytes, 200U);
  EXPECT_THAT(held[0].holders, ElementsAre("run", "exposure a"));
  EXPECT_EQ(held[2].kind, "reference photom");
}

TEST(Ledger, EntriesFollowMovesAndGoWithTheirBlocks) {
  Account run("run");
  Ledger ledger(run);
  Account a("a", run);
  Account b("b", run);
  Reservation first(a, 100, "scratch x");
  Reservation second = std::move(first);
  EXPECT_EQ(first.charge_id(), 0U);
  EXPECT_EQ(ledger.live_count(), 1U);
  second.move_to(b, "plane SCI");
  EXPECT_THAT(ledger.blocks().front().holders, ElementsAre("run", "b"));
  EXPECT_EQ(live_by_kind(ledger), (std::map<std::string, std::size_t>{{"scratch x", 0}, {"plane SCI", 100}}));
  second = Reservation(a, 30, "plane DQ");
  EXPECT_EQ(ledger.live_bytes(), 30U);
  second.reset();
  EXPECT_EQ(ledger.live_count(), 0U);
  EXPECT_THAT(ledger.held(), IsEmpty());
}

TEST(Ledger, GrowthBelongsToTheSameBlock) {
  Account run("run");
  Ledger ledger(run);
  Reservation block(run, 0, "WCS records");
  EXPECT_EQ(ledger.live_count(), 0U) << "nothing is no block";
  block.grow(64, "WCS records");
  block.grow(36, "WCS records");
  ASSERT_EQ(ledger.live_count(), 1U);
  EXPECT_EQ(ledger.blocks().front().bytes, 100U);
  const KindTotals kind = ledger.kinds().front();
  EXPECT_EQ(kind.allocations, 2U);
  EXPECT_EQ(kind.allocated_bytes, 100U);
  EXPECT_EQ(kind.peak_bytes, 100U);
  block.reset();
  EXPECT_EQ(ledger.live_bytes(), 0U);
}

TEST(Ledger, RefusedChargesLeaveNoEntry) {
  Account run("run", 1000);
  Ledger ledger(run);
  Account narrow("narrow", run, 150);
  Reservation block(run, 200, "plane SCI");
  EXPECT_THROW(Reservation(run, 900, "plane DQ"), Error);
  EXPECT_THROW(block.grow(900, "plane SCI"), Error);
  EXPECT_EQ(ledger.live_bytes(), 200U);
  EXPECT_EQ(ledger.live_count(), 1U);
  // What cannot move is given back, in the account as in the ledger.
  EXPECT_THROW(block.move_to(narrow, "plane SCI"), Error);
  EXPECT_EQ(run.live_bytes(), 0U);
  EXPECT_EQ(ledger.live_bytes(), 0U);
  EXPECT_EQ(ledger.live_count(), 0U);
}

TEST(Ledger, TellsAfterwardsWhoHeldWhatAtThePeak) {
  Account run("run");
  Ledger ledger(run);
  Account exposure("exposure a", run);
  Reservation kept(exposure, 10, "plane SCI");
  Reservation moved;
  {
    Account step("step x", exposure);
    moved = Reservation(step, 20, "scratch result");
    {
      const Reservation scratch(step, 70, "scratch weights");
    }
    moved.move_to(exposure, "plane ERR");
  }
  const Reservation later(exposure, 30, "plane DQ");
  kept.grow(5, "plane SCI");
  EXPECT_EQ(ledger.peak_bytes(), 100U);
  const std::vector<HeldBlocks> held = ledger.held_at_peak();
  EXPECT_EQ(bytes_of(held), 100U);
  ASSERT_EQ(held.size(), 3U);
  EXPECT_EQ(held[0].kind, "scratch weights");
  EXPECT_THAT(held[0].holders, ElementsAre("run", "exposure a", "step x"));
  EXPECT_EQ(held[1].kind, "scratch result");
  EXPECT_THAT(held[1].holders, ElementsAre("run", "exposure a", "step x"));
  EXPECT_EQ(held[2].kind, "plane SCI");
  EXPECT_EQ(held[2].bytes, 10U);
  ledger.reset_peak();
  EXPECT_EQ(ledger.peak_bytes(), 65U);
  EXPECT_EQ(bytes_of(ledger.held_at_peak()), 65U);
}

TEST(Ledger, ThePeakIsWholeAfterAnyNumberOfChanges) {
  Account run("run");
  Ledger ledger(run);
  std::vector<Reservation> blocks(40);
  std::uint32_t random = 1;
  for (int i = 0; i < 20000; ++i) {
    random = random * 1664525u + 1013904223u;
    Reservation& block = blocks[(random >> 8) % blocks.size()];
    if ((random >> 20) % 3 == 0) block.reset();
    else if (block.account() && (random >> 20) % 3 == 1) block.grow(random % 50, "b");
    else block = Reservation(run, random % 1000, "a");
    if (i % 500 == 0) ledger.reset_peak();
    ASSERT_EQ(ledger.live_bytes(), run.live_bytes());
    ASSERT_EQ(bytes_of(ledger.held()), run.live_bytes());
    ASSERT_EQ(bytes_of(ledger.held_at_peak()), ledger.peak_bytes());
  }
  blocks.clear();
  EXPECT_EQ(ledger.live_count(), 0U);
}

TEST(Ledger, ThreadsLoseNothing) {
  Account run("run");
  Ledger ledger(run);
  Account other("other", run);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 3000; ++k) {
        Reservation held(run, 64, "block");
        held.move_to(other, "moved");
        held.grow(1, "moved");
        if (k % 100 == 0) ledger.held_at_peak();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ledger.live_bytes(), 0U);
  EXPECT_EQ(ledger.live_count(), 0U);
  std::uint64_t allocations = 0;
  for (const KindTotals& kind : ledger.kinds()) allocations += kind.allocations;
  EXPECT_EQ(allocations, 24000U);
}

TEST(Ledger, ComesAndGoesBeforeTheBlocks) {
  Account run("run");
  std::optional<Reservation> before(std::in_place, run, 10, "before");
  auto ledger = std::make_unique<Ledger>(run);
  EXPECT_THROW(Ledger second(run), Error);
  Reservation during(run, 20, "during");
  EXPECT_EQ(ledger->live_bytes(), 20U);
  before.reset();
  ledger.reset();
  EXPECT_EQ(run.ledger(), nullptr);
  // Ids of an earlier ledger mean nothing to a later one.
  const Ledger next(run);
  const Reservation after(run, 5, "after");
  during.reset();
  EXPECT_EQ(next.live_bytes(), 5U);
  EXPECT_EQ(run.live_bytes(), 5U);
}

TEST(Ledger, KindsAreBounded) {
  Account run("run");
  const Ledger ledger(run);
  for (std::size_t i = 0; i < 2 * Ledger::kMostKinds; ++i) const Reservation block(run, 1, "kind " + std::to_string(i));
  EXPECT_EQ(ledger.kinds().size(), Ledger::kMostKinds);
  EXPECT_EQ(ledger.kinds().back().kind, "other");
}

TEST(Ledger, ABlockThatGoesToAnotherTreeIsForgotten) {
  Account run("run"), elsewhere("elsewhere");
  const Ledger ledger(run);
  Reservation block(run, 10, "block");
  block.move_to(elsewhere, "block");
  EXPECT_EQ(ledger.live_count(), 0U);
  EXPECT_EQ(elsewhere.live_bytes(), 10U);
}

}  // namespace
}  // namespace spec2
