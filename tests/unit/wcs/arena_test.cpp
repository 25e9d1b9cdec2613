#include "wcs/arena.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/memory/account.hpp"

namespace spec2::wcs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class Action>
std::string message_of(Action action, ErrorCause cause) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Arena, StaleIdsAreCaught) {
  Arena arena;
  const TransformId old = arena.shift(1);
  arena.reset();
  arena.shift(2);
  EXPECT_THAT(message_of([&] { arena.record(old); }, ErrorCause::internal), HasSubstr("stale transform"));
  EXPECT_THAT(message_of([&] { arena.record(TransformId{}); }, ErrorCause::internal), HasSubstr("null transform"));
  const FrameId frame = arena.add_frame(frame2d("detector"));
  arena.reset();
  EXPECT_THAT(message_of([&] { arena.frame(frame); }, ErrorCause::internal), HasSubstr("stale"));
}

TEST(Arena, FrozenArenasTakeNothingUntilReopened) {
  Arena arena;
  const TransformId shift = arena.shift(1);
  arena.freeze();
  EXPECT_THAT(message_of([&] { arena.shift(2); }, ErrorCause::internal), HasSubstr("frozen"));
  EXPECT_THAT(message_of([&] { arena.set_name(shift, "x"); }, ErrorCause::internal), HasSubstr("frozen"));
  arena.reopen();
  EXPECT_TRUE(arena.shift(2));
}

TEST(Arena, MemoryIsChargedAndGivenBack) {
  Account account("exposure");
  {
    Arena arena(&account);
    for (int i = 0; i < 5000; ++i) arena.shift(i);
    EXPECT_EQ(account.live_bytes(), arena.bytes());
    EXPECT_GT(arena.bytes(), 5000 * sizeof(Record));
    arena.reset(1000);
    EXPECT_LE(arena.bytes(), 6 * 1000u);
    EXPECT_EQ(account.live_bytes(), arena.bytes());
    Account other("next exposure");
    arena.charge_to(&other);
    EXPECT_EQ(account.live_bytes(), 0u);
    arena.charge_to(nullptr);
  }
  EXPECT_EQ(account.live_bytes(), 0u);
}

TEST(Arena, ResetKeepsCapacityUpToTheBound) {
  Arena arena;
  for (int i = 0; i < 1000; ++i) arena.shift(i);
  const std::size_t held = arena.bytes();
  arena.reset();
  EXPECT_EQ(arena.bytes(), held);
  EXPECT_EQ(arena.size(), 0u);
}

TEST(Arena, RefusedChargesLeaveTheRecordsAsTheyWere) {
  Account account("exposure", 20000);
  Arena arena(&account);
  std::size_t made = 0;
  EXPECT_THROW(for (;; ++made) arena.shift(static_cast<double>(made)), Error);
  EXPECT_LE(account.live_bytes(), 20000u);
  EXPECT_EQ(arena.parameters(arena.at(0))[0], 0.0);
}

TEST(Arena, CompoundsCheckTheNumberOfValues) {
  Arena arena;
  const TransformId pair = arena.identity(2);
  arena.set_name(pair, "pair");
  const std::string message = message_of([&] { arena.compose(pair, arena.shift(1)); }, ErrorCause::reference);
  EXPECT_THAT(message, HasSubstr("gives 2 values"));
  EXPECT_THAT(message, HasSubstr("pair"));
  EXPECT_THROW(arena.arithmetic(Kind::add, pair, arena.shift(1)), Error);
  EXPECT_THROW(arena.mapping({0, 3}, 2), Error);
  EXPECT_THROW(arena.polynomial2d(2, std::vector<double>(4)), Error);
}

TEST(Arena, DegreesOfASeriesAreBounded) {
  Arena arena;
  const auto series = [&](int x_degree, int y_degree, std::size_t count) {
    return arena.series2d(Kind::chebyshev2d, x_degree, y_degree, std::vector<double>(count), {}, {}, {}, {});
  };
  EXPECT_NO_THROW(series(255, 0, 256));
  EXPECT_NO_THROW(series(0, 255, 256));
  EXPECT_THAT(message_of([&] { series(256, 0, 257); }, ErrorCause::reference), HasSubstr("at most 255"));
  EXPECT_THAT(message_of([&] { series(0, 256, 257); }, ErrorCause::reference), HasSubstr("at most 255"));
  EXPECT_THROW(series(-1, 0, 0), Error);
  EXPECT_THROW(arena.polynomial2d(-1, {}), Error);
}

TEST(Arena, AttributesComeBack) {
  Arena arena;
  const TransformId both = arena.concatenate(arena.shift(1), arena.scale(2));
  arena.set_name(both, "both");
  arena.set_input_names(both, {"x", "y"});
  arena.set_inverse(both, arena.identity(2));
  arena.set_bounding_box(both, BoundingBox::xy(-0.5, 10.5, 1, 2));
  EXPECT_EQ(arena.name(both), "both");
  EXPECT_THAT(arena.input_names(both), ElementsAre("x", "y"));
  EXPECT_TRUE(arena.output_names(both).empty());
  EXPECT_EQ(arena.kind(arena.custom_inverse(both)), Kind::identity);
  EXPECT_EQ(arena.bounding_box(both).high[1], 2.0);
  const TransformId second = arena.copy(both);
  arena.clear_inverse(second);
  EXPECT_TRUE(arena.custom_inverse(both));
  EXPECT_FALSE(arena.custom_inverse(second));
  EXPECT_EQ(arena.children(second), arena.children(both));
}

TEST(Arena, PolynomialMatricesComeBack) {
  Arena arena;
  const std::vector<double> matrix = {1, 2, 3, 4, 5, 0, 6, 0, 0};
  EXPECT_EQ(arena.polynomial_matrix(arena.polynomial2d(2, matrix)), matrix);
}

TEST(Arena, SlitsComeBackAndUnknownOnesAreNamed) {
  Arena arena;
  SlitDescription slit;
  slit.name = "S200A1";
  slit.slit_id = -101;
  slit.ymin = -0.55;
  slit.shutter_state = "11x";
  slit.source_ra = 12.5;
  const TransformId model = arena.identity(3);
  const TransformId selection = arena.slit_selection(Kind::gwa_to_slit, std::vector{slit}, std::vector{model});
  const SlitDescription found = arena.slit(selection, arena.find_slit(selection, -101));
  EXPECT_EQ(found.name, "S200A1");
  EXPECT_EQ(found.ymin, -0.55);
  EXPECT_EQ(found.shutter_state, "11x");
  EXPECT_EQ(found.source_ra, 12.5);
  EXPECT_EQ(arena.slit_model(selection, 0), model);
  EXPECT_THAT(message_of([&] { arena.find_slit(selection, 7); }, ErrorCause::data), HasSubstr("-101"));
}

}  // namespace
}  // namespace spec2::wcs
