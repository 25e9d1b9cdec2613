#include "steps/flat_field/slit_flat.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/memory/account.hpp"
#include "steps/flat_field/apply_flat.hpp"
#include "tests/unit/steps/formula.hpp"

namespace spec2::flat_field {
namespace {

constexpr std::size_t kRows = 4, kColumns = 6, kPixels = kRows * kColumns;
const float kNot = std::nanf("");

/// A curve of `count` points between two wavelengths, float32 as in a table of a reference file.
NirspecFlat::Curve curve(const char* slit, std::size_t count, double low, double high, std::size_t first) {
  NirspecFlat::Curve made{slit, {}, {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    made.wavelength.push_back(static_cast<float>(low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1)));
    made.flat.push_back(static_cast<float>(0.8 + 0.3 * test::scattered(i + first)));
    made.error.push_back(static_cast<float>(0.01 + 0.01 * test::scattered(i + first + 3)));
  }
  return made;
}

void fill(FloatPlane& plane, Account& account, std::size_t planes, const std::vector<float>& values) {
  plane = make_plane<float>(account, {planes, kRows, kColumns}, "flat");
  std::copy(values.begin(), values.end(), plane.data());
}

struct Flats {
  Account account{"test"};
  NirspecFlat fore_optics, spectrograph, detector;
  Flats() {
    fore_optics.curves = {curve("s200a1", 5, 1.0, 1.45, 41)};
    spectrograph.curves = {curve("s200a1", 7, 0.9, 1.55, 11)};
    detector.curves = {curve("any", 4, 0.5, 1.9, 23)};
    auto image = test::scattered_floats(kPixels, 0.9, 0.2);
    image[kColumns + 1] = 0.0f;
    image[3 * kColumns + 1] = kNot;
    fill(spectrograph.image, account, 1, image);
    fill(spectrograph.error, account, 1, test::scattered_floats(kPixels, 0, 0.01, 5));
    fill(detector.image, account, 2, test::scattered_floats(2 * kPixels, 0.95, 0.1, 77));
    fill(detector.error, account, 2, test::scattered_floats(2 * kPixels, 0, 0.02, 9));
    detector.image_wavelength = {0.6f, 1.4f};
    for (NirspecFlat* flat : {&spectrograph, &detector}) {
      flat->dq = make_plane<std::uint32_t>(account, {1, kRows, kColumns}, "DQ");
      flat->region = {0, kRows};
    }
    spectrograph.dq.data()[2 * kColumns + 2] = 1;
  }
  FlatParts parts() const { return {&fore_optics, &spectrograph, &detector}; }
};

std::vector<float> wavelengths() {
  std::vector<float> values(kPixels);
  for (std::size_t i = 0; i < kPixels; ++i) {
    const std::size_t row = i / kColumns, column = i % kColumns;
    values[i] = static_cast<float>(1.0 + 0.1 * static_cast<double>(column) + 0.01 * static_cast<double>(row));
  }
  values[0] = values[3 * kColumns + 5] = values[2 * kColumns + 3] = kNot;
  return values;
}

// Made by jwst 3.0.0 flat_field.create_flat_field with the same tables and images; all are float32 there, and equal to the last
// bit but one (numpy's tables are written with linspace).
const float kFlat[kPixels] = {1, 0.998000324f, 1.05787027f, 1.05092096f, 1.03820348f, 1, 1, 1, 0.917208672f, 0.909026861f, 1, 1,
                              1, 1.04594159f, 1, 1, 1, 1, 1, 1, 0.928535223f, 0.919535339f, 1, 1};
const float kError[kPixels] = {0.00723832706f, 0.0301850922f, 0.0297038555f, 0.0279604793f,  0.0262672119f, kNot,
                               kNot,           0.0295214094f, 0.0295952335f, 0.0276126824f,  0.0266938489f, kNot,
                               kNot,           0.0311520025f, 0.0278983153f, 0.00381150795f, kNot,          kNot,
                               kNot,           0.0302646141f, 0.0300498996f, 0.0280256197f,  kNot,          0.00998333842f};

TEST(SlitFlat, TheProductOfThePartsIsThePeers) {
  Flats flats;
  const auto wavelength = wavelengths();
  const SlitFlat made =
      make_slit_flat({wavelength.data(), kRows, kColumns}, flats.parts(), "S200A1", {0, 0}, flats.account, Parallel(2));
  // DO_NOT_USE, NO_FLAT_FIELD, UNRELIABLE_FLAT: no wavelength, beyond the fore-optics curve, bad in the image.
  constexpr std::uint32_t kBad = 33816577;
  for (std::size_t i = 0; i < kPixels; ++i) {
    EXPECT_FLOAT_EQ(made.flat.data()[i], kFlat[i]) << i;
    EXPECT_EQ(made.dq.data()[i], kFlat[i] == 1.0f ? kBad : 0u) << i;
    if (std::isnan(kError[i])) EXPECT_TRUE(std::isnan(made.error.data()[i])) << i;
    else EXPECT_FLOAT_EQ(made.error.data()[i], kError[i]) << i;
  }
}

TEST(SlitFlat, WithoutAnyReferenceEveryPixelIsBad) {
  Account account("test");
  const auto wavelength = wavelengths();
  const SlitFlat made = make_slit_flat({wavelength.data(), kRows, kColumns}, {}, "S200A1", {0, 0}, account, Parallel(1));
  for (std::size_t i = 0; i < kPixels; ++i) {
    EXPECT_EQ(made.flat.data()[i], 1.0f);
    EXPECT_EQ(made.dq.data()[i], 33816577u);
  }
}

TEST(ApplyFlat, DividesOrMultipliesAndMakesInvalidPixelsAgree) {
  for (const bool inverse : {false, true}) {
    Account account("test");
    Planes planes;
    const PlaneShape shape{2, 1, 2};
    for (FloatPlane* plane : {&planes.sci, &planes.err, &planes.var_poisson, &planes.var_rnoise, &planes.var_flat}) {
      *plane = make_plane<float>(account, shape, "plane");
      std::fill_n(plane->data(), 4, 4.0f);
    }
    planes.dq = make_plane<std::uint32_t>(account, shape, "DQ");
    SlitFlat flat{make_plane<float>(account, {1, 1, 2}, "flat"), make_plane<float>(account, {1, 1, 2}, "error"),
                  make_plane<std::uint32_t>(account, {1, 1, 2}, "DQ")};
    flat.flat.data()[0] = 2.0f;
    flat.flat.data()[1] = 1.0f;
    flat.error.data()[0] = 0.5f;
    flat.dq.data()[1] = 1;
    apply_flat(planes, flat, inverse);
    for (const std::size_t n : {0u, 1u}) {
      EXPECT_EQ(planes.sci.data()[2 * n], inverse ? 8.0f : 2.0f);
      EXPECT_EQ(planes.var_poisson.data()[2 * n], inverse ? 16.0f : 1.0f);
      EXPECT_EQ(planes.var_flat.data()[2 * n], inverse ? 0.0f : 0.25f);
      EXPECT_EQ(planes.err.data()[2 * n], inverse ? std::sqrt(32.0f) : 1.5f);
      EXPECT_TRUE(std::isnan(planes.sci.data()[2 * n + 1]) && std::isnan(planes.err.data()[2 * n + 1]));
      EXPECT_EQ(planes.dq.data()[2 * n + 1], 1u);
    }
  }
}

}  // namespace
}  // namespace spec2::flat_field
