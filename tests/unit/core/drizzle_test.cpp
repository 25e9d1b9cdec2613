#include "core/math/drizzle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace spec2 {
namespace {

constexpr std::int64_t kRows = 12, kColumns = 300, kOutRows = 14, kOutColumns = 310;

/// A slit that is tilted and bent, with pixels that fall nowhere and others that weigh nothing.
struct BentSlit {
  std::vector<double> x, y;
  std::vector<float> data, weight;
  std::vector<std::uint32_t> flags;

  BentSlit() {
    for (std::int64_t row = 0; row < kRows; ++row) {
      for (std::int64_t column = 0; column < kColumns; ++column) {
        const double j = static_cast<double>(row), i = static_cast<double>(column);
        const bool nowhere = column < 5 || (column > 120 && column < 124 && row > 6);
        x.push_back(nowhere ? std::numeric_limits<double>::quiet_NaN() : 1.02 * i - 0.9 * j + 3.0 * std::sin(i / 40.0));
        y.push_back(nowhere ? std::numeric_limits<double>::quiet_NaN() : 0.97 * j + 0.002 * i + 0.3 * std::cos(i / 25.0));
        data.push_back(static_cast<float>(std::sin(i * 0.7) + j));
        weight.push_back(column % 37 == 0 ? 0.0f : 1.0f + static_cast<float>(row) / 8.0f);
        flags.push_back(static_cast<std::uint32_t>(1u << (column % 32)));
      }
    }
  }
  drizzle::PixelMap map() const { return {{x.data(), kRows, kColumns}, {y.data(), kRows, kColumns}}; }
};

struct Drawn {
  std::vector<drizzle::Lanes> values = std::vector<drizzle::Lanes>(kOutRows * kOutColumns, drizzle::Lanes{});
  std::vector<float> weight = std::vector<float>(kOutRows * kOutColumns, 0.0f);
  std::vector<std::int32_t> context = std::vector<std::int32_t>(kOutRows * kOutColumns, 0);
  std::vector<std::uint32_t> flags = std::vector<std::uint32_t>(kOutRows * kOutColumns, 0u);
  bool operator==(const Drawn& other) const {
    const auto same_bits = [](float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); };
    return std::ranges::equal(weight, other.weight, same_bits) && context == other.context && flags == other.flags &&
           std::ranges::equal(values, other.values,
                              [&](const auto& a, const auto& b) { return std::ranges::equal(a, b, same_bits); });
  }
};

Drawn draw(const BentSlit& slit, const drizzle::Settings& settings, std::int64_t bands) {
  drizzle::Section section{0, kColumns - 1, 0, kRows - 1};
  EXPECT_TRUE(drizzle::shrink_section(slit.map(), section));
  const auto reach = drizzle::reach_of(slit.map(), section, kOutRows, kOutColumns);
  Account account("drizzle");
  const drizzle::ColumnExtents extents(slit.map(), bands, account);
  drizzle::Image image{{}, 1, {slit.weight.data(), kRows, kColumns}, {slit.flags.data(), kRows, kColumns}};
  image.planes[0] = {slit.data.data(), kRows, kColumns};
  Drawn drawn;
  const drizzle::Canvas canvas{{drawn.values.data(), kOutRows, kOutColumns},
                               {drawn.weight.data(), kOutRows, kOutColumns},
                               {drawn.context.data(), kOutRows, kOutColumns},
                               {drawn.flags.data(), kOutRows, kOutColumns},
                               4};
  for (std::int64_t band = bands - 1; band >= 0; --band) {
    drizzle::add_image(slit.map(), image, section, reach, extents, settings,
                       {kOutColumns * band / bands, kOutColumns * (band + 1) / bands}, canvas);
  }
  return drawn;
}

TEST(Drizzle, BandsOfColumnsAreTheSameAsTheWhole) {
  const BentSlit slit;
  for (const std::string_view name : {"square", "point", "turbo", "gaussian", "lanczos2", "lanczos3"}) {
    drizzle::Settings settings;
    settings.kernel = drizzle::kernel_named(name).value();
    for (const double pixfrac : {1.0, 0.5}) {
      settings.pixfrac = pixfrac;
      const Drawn whole = draw(slit, settings, 1);
      const auto hit = std::ranges::count_if(whole.weight, [](float weight) { return weight != 0.0f; });
      EXPECT_GT(hit, kRows * kColumns / 2) << name;
      for (const std::int64_t bands : {2, 3, 7, 310}) EXPECT_EQ(draw(slit, settings, bands), whole) << name << " " << bands;
    }
  }
}

TEST(Drizzle, BlocksThatCannotTouchABandAreLeftOut) {
  const BentSlit slit;
  Account account("drizzle");
  const drizzle::ColumnExtents extents(slit.map(), 2, account);
  EXPECT_LE(account.live_bytes(), drizzle::ColumnExtents::bytes(kRows, kColumns));
  EXPECT_TRUE(extents.is_far(6, 64, {200, 300}));
  EXPECT_FALSE(extents.is_far(6, 224, {200, 300}));
  EXPECT_FALSE(extents.is_far(0, 64, {200, 300}));  // at the border of the map
  EXPECT_FALSE(extents.is_far(6, 0, {200, 300}));
}

}  // namespace
}  // namespace spec2
