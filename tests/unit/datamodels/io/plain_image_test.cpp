// Planes that are read without CFITSIO have the values that it would give, and those that need more than another order of bytes
// go through it.
#include "datamodels/io/plain_image.hpp"

#include <gmock/gmock.h>

#include <array>

#include "core/parallel.hpp"
#include "datamodels/io/fits_file.hpp"
#include "raw_fits.hpp"
#include "scratch_folder.hpp"

namespace spec2::io {
namespace {

using test::append_image;
using test::primary_header;
using test::save;
using test::ScratchFolder;
using ::testing::ElementsAre;

/// An image of three values given as they stand in the file.
void append_values(std::string& file, const std::string& name, int bitpix, const std::array<std::uint32_t, 3>& stored,
                   const std::vector<Card>& cards = {}) {
  append_image(file, name, bitpix, {3}, 12, cards);
  const std::size_t data = file.size() - kBlockLength;
  for (std::size_t i = 0; i < 12; ++i) file[data + i] = static_cast<char>(stored[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
}

constexpr std::array<std::uint32_t, 3> kReals = {0x3fc00000u, 0xc0200000u, 0x42280000u};  // 1.5, -2.5, 42

std::string file_of_all_forms() {
  std::string file = primary_header();
  append_values(file, "SCI", -32, kReals);
  append_values(file, "SCALED", -32, kReals, {{"BSCALE", 2.0, ""}, {"BZERO", 1.0, ""}});
  append_values(file, "DQ", 32, {0x80000001u, 0x7fffffffu, 0x80000000u}, {{"BZERO", std::int64_t{2147483648}, ""}});
  append_values(file, "COUNTS", 32, {7u, 8u, 9u});
  return file;
}

TEST(PlainImage, ValuesAreThoseOfTheFile) {
  const ScratchFolder folder;
  save(folder / "a.fits", file_of_all_forms());
  FitsFile file = FitsFile::open(folder / "a.fits");
  std::vector<float> reals(3);
  file.read("SCI", 1, 0, std::span(reals));
  EXPECT_THAT(reals, ElementsAre(1.5f, -2.5f, 42.0f));
  file.read("SCALED", 1, 0, std::span(reals));
  EXPECT_THAT(reals, ElementsAre(4.0f, -4.0f, 85.0f));
  file.read("COUNTS", 1, 0, std::span(reals));
  EXPECT_THAT(reals, ElementsAre(7.0f, 8.0f, 9.0f));
  std::vector<std::uint32_t> flags(3);
  file.read("DQ", 1, 0, std::span(flags));
  EXPECT_THAT(flags, ElementsAre(1u, 0xffffffffu, 0u));
  file.read("COUNTS", 1, 0, std::span(flags));
  EXPECT_THAT(flags, ElementsAre(7u, 8u, 9u));
  std::vector<float> last(1);
  file.read("SCI", 1, 2, std::span(last));
  EXPECT_THAT(last, ElementsAre(42.0f));
  EXPECT_THROW(file.read("SCI", 1, 3, std::span(last)), Error);
}

TEST(PlainImage, PlanesOfOneFileCanBeReadAtTheSameTime) {
  const ScratchFolder folder;
  save(folder / "a.fits", file_of_all_forms());
  FitsFile file = FitsFile::open(folder / "a.fits");
  std::vector<std::vector<float>> read(300, std::vector<float>(3));
  Parallel(3).for_each(read.size(), [&](std::size_t i) { file.read(i % 2 == 0 ? "SCI" : "SCALED", 1, 0, std::span(read[i])); });
  for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i][0], i % 2 == 0 ? 1.5f : 4.0f) << i;
}

TEST(PlainImage, AFileThatEndsTooSoonIsSaid) {
  const ScratchFolder folder;
  save(folder / "short", std::string(10, '\0'));
  const PlainFile file(folder / "short");
  std::vector<float> values(3);
  EXPECT_FALSE(file.read(0, std::span(values)));
  EXPECT_FALSE(file.read(100, std::span(values)));
  EXPECT_FALSE(PlainFile(folder / "none").read(0, std::span(values)));
  EXPECT_TRUE(file.read(0, std::span(values).first(2)));
}

}  // namespace
}  // namespace spec2::io
