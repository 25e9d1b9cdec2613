#include "core/process_identity.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spec2 {
namespace {

TEST(ProcessIdentities, OwnIsAlive) {
  const ProcessIdentity own = ProcessIdentity::own();
  EXPECT_FALSE(own.host.empty());
  EXPECT_EQ(own.process, ::getpid());
  EXPECT_GT(own.start_ticks, 0U);
  EXPECT_EQ(life_of(own), ProcessLife::alive);
}

TEST(ProcessIdentities, ANumberGivenToAnotherProcessIsToldApart) {
  ProcessIdentity other = ProcessIdentity::own();
  other.start_ticks -= 1;
  EXPECT_EQ(life_of(other), ProcessLife::ended);
}

TEST(ProcessIdentities, EndedAlsoBeforeItsParentLooked) {
  ProcessIdentity child = ProcessIdentity::own();
  child.process = ::fork();
  if (child.process == 0) ::_exit(0);
  child.start_ticks = 0;
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>(child.process), &ended, WEXITED | WNOWAIT);
  EXPECT_EQ(life_of(child), ProcessLife::ended);
  ::waitpid(static_cast<pid_t>(child.process), nullptr, 0);
  EXPECT_EQ(life_of(child), ProcessLife::ended);
}

TEST(ProcessIdentities, NothingIsKnownOfOtherMachines) {
  ProcessIdentity elsewhere = ProcessIdentity::own();
  elsewhere.host += "x";
  EXPECT_EQ(life_of(elsewhere), ProcessLife::unknown);
  ProcessIdentity of_another_boot = ProcessIdentity::own();
  of_another_boot.numbering += "x";
  EXPECT_EQ(life_of(of_another_boot), ProcessLife::unknown);
}

TEST(ProcessIdentities, TagOfTheMachine) {
  EXPECT_THAT(machine_tag(), ::testing::MatchesRegex("[0-9a-f]{8}"));
  EXPECT_EQ(machine_tag(), machine_tag());
}

}  // namespace
}  // namespace spec2
