#include "wcs/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "wcs/mapper.hpp"

namespace spec2::wcs {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> evaluate(const Program& program, std::vector<double> in) {
  std::vector<double> out(program.outputs());
  Scratch scratch;
  program.run_one(scratch, in, out);
  return out;
}

TEST(Program, MappingsAndIdentitiesCostNothing) {
  Arena arena;
  const TransformId chain = arena.compose({arena.mapping({1, 0, 1}), arena.identity(3), arena.mapping({2, 1}, 3)});
  const Program program(arena, chain);
  EXPECT_EQ(program.operation_count(), 0u);
  EXPECT_EQ(evaluate(program, {3, 4}), (std::vector<double>{4, 3}));
}

TEST(Program, OperationsOnConstantsAreDoneOnce) {
  Arena arena;
  const TransformId constant = arena.compose(arena.constant(5), arena.scale(2));
  const Program program(arena, arena.concatenate(arena.shift(1), constant));
  EXPECT_EQ(program.operation_count(), 1u);
  EXPECT_EQ(evaluate(program, {3, 99}), (std::vector<double>{4, 10}));
}

TEST(Program, InverseSetByHandComesFirst) {
  Arena arena;
  const TransformId twice = arena.scale(2);
  arena.set_inverse(twice, arena.shift(100));
  const TransformId chain = arena.compose(twice, arena.shift(1));
  EXPECT_EQ(evaluate(Program(arena, chain), {3}), (std::vector<double>{7}));
  EXPECT_EQ(evaluate(Program(arena, chain, Direction::inverse), {7}), (std::vector<double>{106}));
  EXPECT_EQ(evaluate(Program(arena, arena.inverse_of(chain)), {7}), (std::vector<double>{106}));
  EXPECT_EQ(evaluate(Program(arena, arena.inverse_of(arena.inverse_of(arena.shift(4)))), {1}), (std::vector<double>{5}));
}

// An inverse may take more values than the transform gives (NIRSpec's fore optics).
TEST(Program, InverseWithMoreInputs) {
  Arena arena;
  const TransformId sum =
      arena.compose(arena.mapping({0, 1}), arena.arithmetic(Kind::add, arena.mapping({0}, 2), arena.mapping({1})));
  arena.set_inverse(sum, arena.identity(2));
  const TransformId both = arena.concatenate(sum, arena.shift(1));
  EXPECT_EQ(arena.inverse_inputs(both), 3);
  EXPECT_EQ(evaluate(Program(arena, both, Direction::inverse), {1, 2, 3}), (std::vector<double>{1, 2, 2}));
}

TEST(Program, MissingInversesAreNamed) {
  Arena arena;
  const TransformId polynomial = arena.polynomial1d(std::vector<double>{1, 2});
  arena.set_name(polynomial, "tilt");
  EXPECT_FALSE(arena.has_inverse(polynomial));
  try {
    Program(arena, polynomial, Direction::inverse);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("Polynomial1D 'tilt' has no inverse"));
  }
}

TEST(Program, ArithmeticAndFixedInputs) {
  Arena arena;
  const TransformId x = arena.mapping({0}, 2), y = arena.mapping({1});
  for (const auto& [kind, expected] :
       {std::pair{Kind::add, 8.0}, {Kind::subtract, 4.0}, {Kind::multiply_by, 12.0}, {Kind::divide, 3.0}, {Kind::power, 36.0}}) {
    EXPECT_EQ(evaluate(Program(arena, arena.arithmetic(kind, x, y)), {6, 2}), (std::vector<double>{expected}));
  }
  const Arena::FixedInput fixed[] = {{0, 10.0}};
  EXPECT_EQ(evaluate(Program(arena, arena.fix_inputs(arena.arithmetic(Kind::subtract, x, y), fixed)), {4}),
            (std::vector<double>{6}));
  EXPECT_EQ(evaluate(Program(arena, arena.arithmetic(Kind::subtract, x, y), Direction::forward, fixed), {4}),
            (std::vector<double>{6}));
}

TEST(Program, SlitSelectionsTakeTheFixedSlit) {
  Arena arena;
  std::vector<SlitDescription> slits(2);
  slits[0].slit_id = 7;
  slits[1].slit_id = -101;
  const std::vector<TransformId> models = {
      arena.compose(arena.mapping({0, 1}), arena.concatenate(arena.shift(1), arena.shift(1))),
      arena.concatenate(arena.scale(2), arena.scale(4))};
  const TransformId selection = arena.slit_selection(Kind::slit_to_msa, slits, models);
  const Arena::FixedInput first[] = {{0, 7.0}}, second[] = {{0, -101.0}}, back[] = {{2, -101.0}};
  EXPECT_EQ(evaluate(Program(arena, selection, Direction::forward, first), {3, 4}), (std::vector<double>{4, 5, 7}));
  EXPECT_EQ(evaluate(Program(arena, selection, Direction::forward, second), {3, 4}), (std::vector<double>{6, 16, -101}));
  EXPECT_EQ(evaluate(Program(arena, selection, Direction::inverse, back), {6, 16}), (std::vector<double>{-101, 3, 4}));
  EXPECT_THROW(Program(arena, selection), Error);
}

TEST(Program, RegionSelectorsPickByPixel) {
  Arena arena;
  const std::vector<std::uint16_t> labels = {1, 1, 0, 2, 2, 9};  // two rows of three pixels; nothing has label 9
  const TransformId map = arena.label_mapper_array(2, 3, labels);
  const std::vector<double> keys = {100, 200};
  const TransformId inverse_map = arena.label_mapper_dict(keys,
                                                          std::vector{arena.compose(arena.mapping({0}, 2), arena.constant(1)),
                                                                      arena.compose(arena.mapping({0}, 2), arena.constant(2))},
                                                          1e-4, arena.mapping({0}, 2), kNan, 2);
  arena.set_inverse(map, inverse_map);
  const std::vector<TransformId> models = {
      arena.compose(arena.mapping({0, 1}), arena.concatenate(arena.scale(1), arena.shift(10))),
      arena.concatenate(arena.shift(100), arena.scale(-1))};
  const TransformId selector = arena.regions_selector(map, std::vector<double>{1, 2}, models, kNan, 2, 2);
  const Program program(arena, selector);
  EXPECT_EQ(evaluate(program, {0, 0}), (std::vector<double>{0, 10}));
  EXPECT_EQ(evaluate(program, {0.49, 0.51}), (std::vector<double>{100.49, -0.51}));
  EXPECT_TRUE(std::isnan(evaluate(program, {2, 0})[0]));
  EXPECT_TRUE(std::isnan(evaluate(program, {2, 1})[0]));
  EXPECT_TRUE(std::isnan(evaluate(program, {-1, 0})[0]));
  EXPECT_TRUE(std::isnan(evaluate(program, {kNan, 0})[1]));
  const Program back(arena, selector, Direction::inverse);
  EXPECT_EQ(evaluate(back, {200, 5}), (std::vector<double>{100, -5}));
  EXPECT_EQ(evaluate(back, {100, 5}), (std::vector<double>{100, -5}));
  EXPECT_TRUE(std::isnan(evaluate(back, {150, 5})[0]));
}

TEST(Program, AnyNumberOfPointsAndUnwantedOutputs) {
  Arena arena;
  const Program program(arena, arena.concatenate(arena.shift(1), arena.scale(3)));
  for (const std::size_t count : {std::size_t{1}, Program::kBlock - 1, Program::kBlock, Program::kBlock + 1, std::size_t{1000}}) {
    std::vector<double> x(count), y(count), u(count), v(count);
    for (std::size_t k = 0; k < count; ++k) x[k] = y[k] = static_cast<double>(k);
    const double* const in[] = {x.data(), y.data()};
    double* const both[] = {u.data(), v.data()};
    double* const second[] = {nullptr, u.data()};
    Scratch scratch;
    program.run(scratch, in, both, count);
    EXPECT_EQ(u.back(), x.back() + 1);
    EXPECT_EQ(v.back(), x.back() * 3);
    program.run(scratch, in, second, count);
    EXPECT_EQ(u, v);
    EXPECT_EQ(scratch.evaluations, 2 * count);
  }
}

TEST(Program, KeptOutputIsTheSameWithFewerOperations) {
  Arena arena;
  const TransformId chain = arena.compose(
      {arena.mapping({0, 1, 0, 1}), arena.concatenate({arena.shift(1), arena.scale(2), arena.shift(3), arena.scale(4)}),
       arena.concatenate(arena.affine2d({1, 2, 3, 4}, {5, 6}), arena.affine2d({0, 1, 1, 0}, {0, 0}))});
  const Program all(arena, chain);
  for (std::size_t output = 0; output < 4; ++output) {
    Program one = all;
    one.keep_output(output);
    EXPECT_LT(one.operation_count(), all.operation_count());
    EXPECT_EQ(evaluate(one, {7, 8})[0], evaluate(all, {7, 8})[output]);
  }
}

TEST(Mapper, BoundingBoxBlanksTheWholeTransformOnly) {
  Arena arena;
  Wcs wcs;
  add_step(wcs, arena.add_frame(frame2d("detector")), arena.identity(2));
  add_step(wcs, arena.add_frame(frame2d("sky")), {});
  wcs.bounding_box = BoundingBox::xy(-0.5, 3.5, -0.5, 1.5);
  Scratch scratch;
  const Mapper forward = Mapper::forward(arena, wcs);
  EXPECT_EQ(forward.point(scratch, {3.5, -0.5})[0], 3.5);
  EXPECT_TRUE(std::isnan(forward.point(scratch, {3.6, 0})[1]));
  EXPECT_TRUE(std::isnan(forward.point(scratch, {0, -0.6})[0]));
  EXPECT_EQ(Mapper::between(arena, wcs, "detector", "sky").point(scratch, {9, 9})[0], 9.0);
  std::vector<double> x(12), y(12);
  const View2<double> out[] = {{x.data(), 3, 4}, {y.data(), 3, 4}};
  forward.grid(scratch, 1, 0, 4, 3, out);
  EXPECT_EQ(out[0](1, 2), 3.0);
  EXPECT_EQ(out[1](1, 2), 1.0);
  EXPECT_TRUE(std::isnan(out[0](1, 3)));
  EXPECT_TRUE(std::isnan(out[0](2, 0)));
}

TEST(Mapper, PixelsOfABox) {
  const PixelRange range = pixel_range(BoundingBox::xy(-0.5, 3.5, 9.2, 10.9));
  EXPECT_EQ(range.x_first, 0);
  EXPECT_EQ(range.x_last, 3);
  EXPECT_EQ(range.y_first, 9);
  EXPECT_EQ(range.y_last, 11);
  EXPECT_EQ(range.columns() * range.rows(), 12u);
}

TEST(WcsFrames, InsertedBehindAnother) {
  Arena arena;
  Wcs wcs;
  add_step(wcs, arena.add_frame(frame2d("a")), arena.concatenate(arena.shift(1), arena.shift(1)));
  add_step(wcs, arena.add_frame(frame2d("b")), arena.concatenate(arena.scale(2), arena.scale(2)));
  add_step(wcs, arena.add_frame(frame2d("c")), {});
  insert_frame(arena, wcs, "b", arena.concatenate(arena.shift(10), arena.shift(20)), arena.add_frame(frame2d("between")));
  EXPECT_THAT(frame_names(arena, wcs), ::testing::ElementsAre("a", "b", "between", "c"));
  Scratch scratch;
  EXPECT_EQ(Mapper::forward(arena, wcs).point(scratch, {0, 0})[1], 42.0);
  EXPECT_EQ(Mapper::between(arena, wcs, "c", "b").point(scratch, {42, 42})[0], 11.0);
  EXPECT_THROW(frame_index(arena, wcs, "world"), Error);
}

}  // namespace
}  // namespace spec2::wcs
