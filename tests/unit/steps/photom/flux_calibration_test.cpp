#include "steps/photom/flux_calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/memory/account.hpp"
#include "datamodels/dq.hpp"

namespace spec2::photom {
namespace {

PhotomReference::Row row() { return {"F170LP", "G235M", "S200A1", 2.0f, {1.0, 2.0, 4.0}, {1.0, 3.0, 5.0}}; }

struct Pixels {
  Account account{"test"};
  Planes planes;
  explicit Pixels(std::size_t integrations) {
    const PlaneShape shape{integrations, 1, 5};
    planes.sci = make_plane<float>(account, shape, "SCI");
    planes.err = make_plane<float>(account, shape, "ERR");
    planes.var_poisson = make_plane<float>(account, shape, "VAR_POISSON");
    planes.dq = make_plane<std::uint32_t>(account, shape, "DQ");
    planes.wavelength = make_plane<float>(account, {1, 1, 5}, "WAVELENGTH");
    const float wavelength[] = {0.99f, 1.0f, 3.0f, 4.0f, std::nanf("")};
    std::copy_n(wavelength, 5, planes.wavelength.data());
    for (auto* plane : {&planes.sci, &planes.err, &planes.var_poisson}) std::fill_n(plane->data(), plane->size(), 1.0f);
  }
};

TEST(FluxCalibration, PixelsThatTheResponseDoesNotCoverAreZeroAndNotUsed) {
  Pixels pixels(2);
  apply_response(pixels.planes, row(), 10.0, false);
  const float expected[] = {0.0f, 10.0f, 40.0f, 50.0f, 0.0f};
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t x = 0; x < 5; ++x) {
      EXPECT_EQ(pixels.planes.sci.data()[5 * n + x], expected[x]) << x;
      EXPECT_EQ(pixels.planes.var_poisson.data()[5 * n + x], expected[x] * expected[x]) << x;
      EXPECT_EQ(pixels.planes.dq.data()[5 * n + x], x == 0 || x == 4 ? dq::kDoNotUse : 0u) << x;
    }
  }
}

TEST(FluxCalibration, TheInverseDivides) {
  Pixels pixels(1);
  apply_response(pixels.planes, row(), 10.0, true);
  EXPECT_EQ(pixels.planes.sci.data()[2], 1.0f / 40.0f);
  EXPECT_TRUE(std::isinf(pixels.planes.sci.data()[0]));  // 1 / 0, as in the peer; DO_NOT_USE makes it NaN
}

TEST(FluxCalibration, KeptConversionsAreZeroOutside) {
  const Pixels pixels(1);
  std::vector<float> conversion(5);
  fill_conversion(row(), 2.0, view2(pixels.planes.wavelength), {conversion.data(), 1, 5});
  EXPECT_EQ(conversion, (std::vector<float>{0.0f, 2.0f, 8.0f, 10.0f, 0.0f}));
}

TEST(FluxCalibration, UnitsAreThePeers) {
  EXPECT_DOUBLE_EQ(kSteradianPerArcsec2, 2.350443053909789e-11);
  EXPECT_NEAR(kMicroJanskyPerArcsec2, 23.50443053909789, 1e-12);
}

}  // namespace
}  // namespace spec2::photom
