#include "core/memory/account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "core/error.hpp"

namespace spec2 {
namespace {

using ::testing::HasSubstr;

TEST(Account, ChargesGoUpTheTreeAndPeaksStay) {
  Account run("run");
  Account exposure("exposure a", run);
  Account step("step photom", exposure);
  step.charge(100, "plane SCI");
  exposure.charge(50, "plane DQ");
  EXPECT_EQ(step.live_bytes(), 100u);
  EXPECT_EQ(exposure.live_bytes(), 150u);
  EXPECT_EQ(run.live_bytes(), 150u);
  step.release(100);
  EXPECT_EQ(run.live_bytes(), 50u);
  EXPECT_EQ(run.peak_bytes(), 150u);
  exposure.release(50);
  EXPECT_EQ(run.live_bytes(), 0u);
}

TEST(Account, RefusalNamesEverythingAndLeavesTheAccountsAsTheyWere) {
  Account run("run", 1000);
  Account exposure("exposure a", run);
  Account step("step photom", exposure, 500);
  exposure.charge(300, "plane DQ");
  step.charge(200, "plane ERR");
  try {
    step.charge(400, "plane SCI");
    FAIL() << "no refusal";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::budget);
    EXPECT_THAT(error.what(), HasSubstr("memory budget of run > exposure a > step photom passed"));
    EXPECT_THAT(error.what(), HasSubstr("asked 400 B for plane SCI, used 200 B, limit 500 B, peak 200 B"));
    EXPECT_THAT(error.what(), HasSubstr("largest holders: step photom itself 200 B"));
    EXPECT_THAT(error.what(), HasSubstr("Raise --memory"));
  }
  EXPECT_EQ(step.live_bytes(), 200u);
  EXPECT_EQ(run.live_bytes(), 500u);
  // The step has room, the run has not: the charge on the step and the exposure is taken back.
  Account other("step flat_field", exposure);
  EXPECT_THROW(other.charge(600, "plane SCI"), Error);
  EXPECT_EQ(other.live_bytes(), 0u);
  EXPECT_EQ(exposure.live_bytes(), 500u);
}

TEST(Account, AChargeNearTheEndOfTheNumberRangeIsRefused) {
  Account run("run", 1000);
  run.charge(10, "plane");
  EXPECT_THROW(run.charge(Account::kUnlimited - 5, "plane"), Error);
  EXPECT_EQ(run.live_bytes(), 10u);
}

TEST(Account, ThreadsChargeWithoutLosingBytes) {
  Account run("run");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&run] {
      for (int k = 0; k < 10000; ++k) {
        const Reservation held(run, 64, "block");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(run.live_bytes(), 0u);
  EXPECT_EQ(run.charge_count(), 40000u);
}

TEST(Reservation, MovesWithItsOwnerAndBetweenAccounts) {
  Account run("run");
  Account a("a", run);
  Account b("b", run);
  Reservation first(a, 100, "block");
  Reservation second = std::move(first);
  EXPECT_EQ(first.bytes(), 0u);
  EXPECT_EQ(a.live_bytes(), 100u);
  second.move_to(b, "block");
  EXPECT_EQ(a.live_bytes(), 0u);
  EXPECT_EQ(b.live_bytes(), 100u);
  EXPECT_EQ(run.peak_bytes(), 100u);
  second = Reservation(a, 30, "block");
  EXPECT_EQ(b.live_bytes(), 0u);
  EXPECT_EQ(a.live_bytes(), 30u);
  second.reset();
  EXPECT_EQ(run.live_bytes(), 0u);
}

TEST(Account, TheHookCanRefuseAnyCharge) {
  Account run("run");
  Account step("step", run);
  run.set_charge_hook([](std::uint64_t ordinal, std::size_t) {
    if (ordinal == 1) throw Error(ErrorCause::budget, "injected");
  });
  step.charge(10, "first");
  EXPECT_THROW(step.charge(10, "second"), Error);
  EXPECT_EQ(run.live_bytes(), 10u);
  step.release(10);
}

}  // namespace
}  // namespace spec2
