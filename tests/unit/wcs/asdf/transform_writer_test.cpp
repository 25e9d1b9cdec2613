#include "wcs/asdf/transform_writer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <gmock/gmock.h>

#include "core/error.hpp"
#include "wcs/asdf/asdf_file.hpp"
#include "wcs/asdf/transform_reader.hpp"
#include "wcs/mapper.hpp"

namespace spec2::asdf {
namespace {

using wcs::Arena;
using wcs::Kind;
using wcs::TransformId;

AsdfFile written(const Arena& arena, std::initializer_list<TransformId> transforms) {
  AsdfDocument document("spec2", "1");
  TransformWriter writer(document, arena);
  document.tree() += "models:\n";
  for (const TransformId id : transforms) document.tree() += "- " + writer.write(id, 2) + "\n";
  return AsdfFile::from_bytes(document.bytes(), "written");
}

std::vector<double> values(const Arena& arena, TransformId id, wcs::Direction direction, const std::vector<double>& in) {
  const wcs::Program program(arena, id, direction);
  std::vector<double> out(program.outputs());
  wcs::Scratch scratch;
  program.run_one(scratch, in, out);
  return out;
}

/// Writes, reads, and compares values forth (and back, where there is a way) bit for bit.
void expect_same_after_reading(const std::function<TransformId(Arena&)>& build, const std::vector<double>& in) {
  Arena arena, other;
  const TransformId id = build(arena);
  const AsdfFile file = written(arena, {id});
  const TransformId back = read_transform(file, file.at("models")[0], other);
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const auto expected = values(arena, id, wcs::Direction::forward, in);
  EXPECT_TRUE(std::ranges::equal(values(other, back, wcs::Direction::forward, in), expected, same)) << to_string(arena.kind(id));
  EXPECT_EQ(other.name(back), arena.name(id));
  ASSERT_EQ(other.has_inverse(back), arena.has_inverse(id)) << to_string(arena.kind(id));
  if (!arena.has_inverse(id) || static_cast<int>(expected.size()) != arena.inverse_inputs(id)) return;
  EXPECT_TRUE(std::ranges::equal(values(other, back, wcs::Direction::inverse, expected),
                                 values(arena, id, wcs::Direction::inverse, expected), same)) << to_string(arena.kind(id));
}

TEST(TransformWriter, ElementaryTransformsAreReadBackTheSame) {
  expect_same_after_reading([](Arena& a) { return a.identity(2); }, {1, 2});
  expect_same_after_reading([](Arena& a) { return a.mapping({1, 0}, 3); }, {1, 2, 3});
  expect_same_after_reading([](Arena& a) { return a.shift(1e-7); }, {0.1});
  expect_same_after_reading([](Arena& a) { return a.scale(1.0 / 3.0); }, {0.1});
  expect_same_after_reading([](Arena& a) { return a.multiply(7); }, {0.1});
  expect_same_after_reading([](Arena& a) { return a.constant(2.5, 2); }, {1, 2});
  expect_same_after_reading([](Arena& a) { return a.linear1d(2, 3); }, {5});
  expect_same_after_reading([](Arena& a) { return a.polynomial1d(std::vector{1.0, 2.0, 0.1}, {0, 4}, {-1, 1}); }, {0.3});
  expect_same_after_reading(
      [](Arena& a) {
        return a.polynomial2d(1, std::vector{1.0, 2.0, 3.0, 0.0}, {0, 4}, {-1, 1}, {0, 8});
      },
      {0.3, 0.6});
  expect_same_after_reading(
      [](Arena& a) {
        return a.series1d(Kind::legendre1d, std::vector{1.0, 2.0, 0.1}, {0, 4}, {-1, 1});
      },
      {0.3});
  expect_same_after_reading([](Arena& a) {
    return a.series2d(Kind::chebyshev2d, 1, 2, std::vector{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, {0, 4}, {-1, 1}, {0, 8}, {-1, 1});
  }, {0.3, 0.6});
  expect_same_after_reading([](Arena& a) { return a.affine2d({1, 2, 3, 4.5}, {5, 6}); }, {0.3, 0.6});
  expect_same_after_reading([](Arena& a) { return a.rotation2d(30); }, {0.3, 0.6});
}

TEST(TransformWriter, SkyAndOpticsAreReadBackTheSame) {
  const std::vector<double> angles = {10, 20, 30};
  expect_same_after_reading([&](Arena& a) { return a.rotation_sequence3d("zyx", angles); }, {0.1, 0.2, 0.9});
  expect_same_after_reading([&](Arena& a) { return a.rotation_to_gwa("xyz", angles); }, {0.1, 0.2, 0.9});
  expect_same_after_reading([](Arena& a) { return a.spherical_to_cartesian(180); }, {10, 20});
  expect_same_after_reading([](Arena& a) { return a.cartesian_to_spherical(360); }, {0.1, 0.2, 0.9});
  expect_same_after_reading([](Arena& a) { return a.plain(Kind::to_direction_cosines); }, {0.1, 0.2, 0.9});
  expect_same_after_reading([](Arena& a) { return a.plain(Kind::from_direction_cosines); }, {0.1, 0.2, 0.9, 1.1});
  expect_same_after_reading([](Arena& a) { return a.plain(Kind::pix2sky_tan); }, {0.1, 0.2});
  expect_same_after_reading([](Arena& a) { return a.rotate_native2celestial(5, -70, 180); }, {3, 89});
  expect_same_after_reading([](Arena& a) { return a.rotate_celestial2native(5, -70, 180); }, {3, -69});
  expect_same_after_reading([](Arena& a) { return a.plain(Kind::unitless_to_cosines); }, {0.1, 0.2});
  expect_same_after_reading([](Arena& a) { return a.plain(Kind::cosines_to_unitless); }, {0.1, 0.2, 0.9});
  expect_same_after_reading(
      [](Arena& a) { return a.logical(wcs::Condition::greater, 0.55, std::numeric_limits<double>::quiet_NaN()); }, {0.6});
  expect_same_after_reading([](Arena& a) { return a.grating_equation(Kind::jwst_grating_wavelength, 95400, -1); },
                            {0.1, 0.2, 0.15});
  expect_same_after_reading([](Arena& a) { return a.grating_equation(Kind::grating_angles3d, 95400, -1); }, {1e-6, 0.1, 0.2});
  expect_same_after_reading([](Arena& a) { return a.refraction_index_from_prism(-16.5); }, {0.1, 0.2, 0.15});
  expect_same_after_reading([](Arena& a) {
    return a.snell({-16.5, 35, 0, 36, 0, {1.03, 0.012, 4.09}, {0.0054, 0.038, 1264}, {-2.66e-5, 0, 0, 0, 0, 0}});
  }, {2e-6, 0.1, 0.2, 0.9});
  expect_same_after_reading([](Arena& a) { return a.parametric(Kind::miri_ab_to_slice, std::vector{1.0, 2.0, 1.0}); }, {0.3});
}

TEST(TransformWriter, TablesKeepWhatLiesOutside) {
  const std::vector<double> points = {0, 1, 3}, values = {5, 7, 4};
  for (const double x : {0.5, 2.0, -1.0, 4.0}) {
    for (const auto bounds : {wcs::TabularBounds::fill, wcs::TabularBounds::extrapolate, wcs::TabularBounds::error}) {
      expect_same_after_reading([&](Arena& a) { return a.tabular1d(points, values, bounds, -9); }, {x});
    }
    expect_same_after_reading(
        [&](Arena& a) { return a.tabular1d(points, values, wcs::TabularBounds::fill, -9, wcs::TabularMethod::nearest); }, {x});
  }
  expect_same_after_reading([&](Arena& a) {
    return a.tabular2d(std::vector{0.0, 1.0}, points, std::vector{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, wcs::TabularBounds::fill, 0);
  }, {0.5, 2.0});
}

TEST(TransformWriter, FallingTablesAreTurnedRound) {
  Arena arena;
  const TransformId id = arena.tabular1d(std::vector{3.0, 1.0, 0.0}, std::vector{4.0, 7.0, 5.0}, wcs::TabularBounds::fill, 0);
  const AsdfFile file = written(arena, {id});
  EXPECT_THAT(file.array(file.at("models")[0]["points"][0]), ::testing::ElementsAre(0, 1, 3));
  EXPECT_THAT(file.array(file.at("models")[0]["lookup_table"]), ::testing::ElementsAre(5, 7, 4));
}

TEST(TransformWriter, CompoundsWithNamesAndInversesAreReadBackTheSame) {
  expect_same_after_reading([](Arena& a) {
    const TransformId both = a.concatenate(a.shift(1), a.scale(3));
    a.set_name(both, "it's");
    a.set_input_names(both, {"x", "y"});
    a.set_inverse(both, a.concatenate(a.shift(-2), a.scale(7)));
    return a.compose(both, a.arithmetic(Kind::add, a.mapping({0, 1}), a.mapping({1, 0})));
  }, {1, 2});
  const Arena::FixedInput fixed[] = {{1, -101}};
  expect_same_after_reading([&](Arena& a) { return a.fix_inputs(a.identity(3), fixed); }, {1, 2});
}

TEST(TransformWriter, SharedPartsAreWrittenOnce) {
  Arena arena;
  const TransformId part = arena.polynomial1d(std::vector{1.0, 2.0});
  const TransformId whole = arena.concatenate(part, part);
  const AsdfFile file = written(arena, {whole, part});
  EXPECT_EQ(file.block_count(), 1u);
  EXPECT_TRUE(file.at("models")[0]["forward"][1].is(file.at("models")[1]));
}

TEST(TransformWriter, AnInverseMayLeadBackToItsTransform) {
  Arena arena;
  const TransformId there = arena.mapping({0, 1, 0}), back = arena.mapping({2, 1}, 3);
  arena.set_inverse(there, back);
  arena.set_inverse(back, there);
  const AsdfFile file = written(arena, {there});
  EXPECT_TRUE(file.at("models")[0]["inverse"]["inverse"].is(file.at("models")[0]));
}

TEST(TransformWriter, KindsWithoutATagAreRefused) {
  Arena arena;
  const TransformId id = arena.parametric(Kind::ideal_to_v2v3, std::vector{1.0, 2.0, 3.0, 1.0});
  try {
    written(arena, {id});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::internal);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("IdealToV2V3"));
  }
}

}  // namespace
}  // namespace spec2::asdf
