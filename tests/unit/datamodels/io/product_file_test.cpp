#include "datamodels/io/product_file.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <numeric>

#include "core/error.hpp"
#include "datamodels/io/fits_file.hpp"
#include "faulty_files.hpp"
#include "scratch_folder.hpp"

namespace spec2::io {
namespace {

using test::FaultyFiles;
using test::ScratchFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::size_t> kShape = {3, 4};

std::vector<float> some_values(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), -2.5f);
  values[1] = std::numeric_limits<float>::quiet_NaN();
  return values;
}

/// A product with one of each kind of HDU.
ProductFile write_all(const std::filesystem::path& path, FileSystem& files = FileSystem::system()) {
  ProductFile file = ProductFile::create(path, files);
  const Card cards[] = {{"TITLE", std::string(100, 'a') + "'b", "Proposal title"}, {"NINTS", std::int64_t{4}, ""}};
  file.write_primary(cards);
  file.write_image("SCI", 1, kShape, std::span<const float>(some_values(12)), cards);
  const std::vector<std::uint32_t> flags = {0, 1, 4294967295u, 2147483648u, 7, 8, 9, 10, 11, 12, 13, 14};
  file.write_image("DQ", 1, kShape, std::span<const std::uint32_t>(flags), {});
  const std::vector<std::int32_t> bits = {-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 2147483647};
  file.write_image("CON", 1, kShape, std::span<const std::int32_t>(bits), {});
  const ColumnForm forms[] = {{"WAVELENGTH", "um", ColumnForm::Type::real64, 2}, {"DQ", "", ColumnForm::Type::unsigned32, 1},
                              {"INT_NUM", "", ColumnForm::Type::integer32, 1}};
  const auto table = file.begin_table("EXTRACT1D", 1, 2, forms, {});
  TableRows rows;
  for (int i = 0; i < 2; ++i) {
    rows.put_real(i + 0.5);
    rows.put_real(std::numeric_limits<double>::quiet_NaN());
    rows.put_unsigned(4294967290u + static_cast<std::uint32_t>(i));
    rows.put_integer(-i);
  }
  file.write_rows(table, 0, rows.bytes());
  const std::vector<std::byte> bytes(5000, std::byte{0xd3});
  file.write_bytes("ASDF", "ASDF_METADATA", bytes);
  file.take_room();
  file.finish();
  return file;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Images of several pieces, of which the last is not full, with a table that comes meanwhile.
TEST(ProductFile, ThreadsWriteWhatOneWrites) {
  const ScratchFolder folder;
  const std::vector<std::size_t> shape = {123, 457};
  std::vector<float> values(shape[0] * shape[1]);
  std::vector<std::uint32_t> flags(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.25f * static_cast<float>(i) - 3.0f;
    flags[i] = static_cast<std::uint32_t>(i) * 77777u;
  }
  const std::vector<std::byte> extra(5000, std::byte{0x17});
  ProductFile one = ProductFile::create(folder / "one.fits");
  one.write_primary({});
  one.write_image("SCI", 1, shape, std::span<const float>(values), {});
  one.write_image("DQ", 1, shape, std::span<const std::uint32_t>(flags), {});
  one.write_bytes("ASDF", "ASDF_METADATA", extra);
  one.finish();
  one.commit();
  for (const std::size_t threads : {1, 3}) {
    ProductFile many = ProductFile::create(folder / "many.fits");
    many.write_primary({});
    const auto sci = many.begin_image("SCI", 1, shape, PixelType::real32, {});
    const auto dq = many.begin_image("DQ", 1, shape, PixelType::unsigned32, {});
    const ProductFile::Part images[] = {{sci, 0, std::as_bytes(std::span(values))}, {dq, 0, std::as_bytes(std::span(flags))}};
    many.write_together(images, {}, Parallel(threads), [&] { many.write_bytes("ASDF", "ASDF_METADATA", extra); });
    many.finish();
    many.commit();
    EXPECT_TRUE(bytes_of(folder / "many.fits") == bytes_of(folder / "one.fits")) << threads;
  }
}

TEST(ProductFile, PartsMayComeFromSeveralThreadsInAnyOrder) {
  const ScratchFolder folder;
  constexpr std::size_t kRows = 40, kColumns = 700, kShapeOf[] = {kRows, kColumns};
  std::vector<float> values(kRows * kColumns);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) * 0.25f;
  const ColumnForm form{"COUNT", "", ColumnForm::Type::integer32, 1};
  std::vector<TableRows> rows(kRows);
  for (std::size_t y = 0; y < kRows; ++y) rows[y].put_integer(static_cast<std::int32_t>(y));

  ProductFile one = ProductFile::create(folder / "one.fits");
  one.write_primary({});
  one.write_image("SCI", 1, kShapeOf, std::span<const float>(values), {});
  const auto table = one.begin_table("T", 1, kRows, {&form, 1}, {});
  for (std::size_t y = 0; y < kRows; ++y) one.write_rows(table, y, rows[y].bytes());
  one.finish();
  one.commit();

  ProductFile many = ProductFile::create(folder / "many.fits");
  many.write_primary({});
  const auto sci = many.begin_image("SCI", 1, kShapeOf, PixelType::real32, {});
  const auto counts = many.begin_table("T", 1, kRows, {&form, 1}, {});
  many.flush();
  Parallel(3).for_each(kRows, [&](std::size_t i) {
    const std::size_t y = kRows - 1 - i;
    many.write_part({sci, y * kColumns, std::as_bytes(std::span(values).subspan(y * kColumns, kColumns))});
    many.write_rows_at_once(counts, y, rows[y].bytes());
  });
  many.finish();
  many.commit();
  EXPECT_TRUE(bytes_of(folder / "many.fits") == bytes_of(folder / "one.fits"));

  ProductFile too_much = ProductFile::create(folder / "too_much.fits");
  const auto small = too_much.begin_image("SCI", 1, kShapeOf, PixelType::real32, {});
  EXPECT_THROW(too_much.write_part({small, kRows * kColumns - 1, std::as_bytes(std::span(values).first(2))}), Error);
}

TEST(ProductFile, EverythingComesBackThroughCfitsio) {
  const ScratchFolder folder;
  write_all(folder / "a.fits").commit();
  FitsFile file = FitsFile::open(folder / "a.fits");
  EXPECT_EQ(file.hdus().size(), 6u);
  EXPECT_EQ(file.header("PRIMARY").text("TITLE"), std::string(100, 'a') + "'b");
  EXPECT_EQ(file.header("SCI").integer("NINTS"), 4);
  EXPECT_EQ(file.info("SCI").shape, kShape);
  std::vector<float> values(12);
  file.read("SCI", 1, 0, std::span(values));
  EXPECT_EQ(values[0], -2.5f);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[11], 8.5f);
  std::vector<std::uint32_t> flags(4);
  file.read("DQ", 1, 0, std::span(flags));
  EXPECT_THAT(flags, ElementsAre(0u, 1u, 4294967295u, 2147483648u));
  std::vector<std::int32_t> bits(12);
  file.read("CON", 1, 0, std::span(bits));
  EXPECT_EQ(bits[0], -1);
  EXPECT_EQ(bits[11], 2147483647);
  const std::vector<double> wavelength = file.column_real("EXTRACT1D", 1, "WAVELENGTH");
  EXPECT_EQ(wavelength[0], 0.5);
  EXPECT_TRUE(std::isnan(wavelength[1]));
  EXPECT_EQ(wavelength[2], 1.5);
  EXPECT_EQ(file.column("EXTRACT1D", 1, "WAVELENGTH").unit, "um");
  EXPECT_THAT(file.column_integer("EXTRACT1D", 1, "DQ"), ElementsAre(4294967290, 4294967291));
  EXPECT_THAT(file.column_integer("EXTRACT1D", 1, "INT_NUM"), ElementsAre(0, -1));
  EXPECT_EQ(file.column_bytes("ASDF", 1, "ASDF_METADATA"), std::vector<std::byte>(5000, std::byte{0xd3}));
}

TEST(ProductFile, NameAppearsOnCommitOnly) {
  const ScratchFolder folder;
  {
    ProductFile file = write_all(folder / "a.fits");
    EXPECT_FALSE(std::filesystem::exists(folder / "a.fits"));
    file.commit();
    EXPECT_THAT(folder.names(), ElementsAre("a.fits"));
  }
  EXPECT_THAT(folder.names(), ElementsAre("a.fits"));
  { const ProductFile dropped = write_all(folder / "b.fits"); }
  EXPECT_THAT(folder.names(), ElementsAre("a.fits"));
}

TEST(ProductFile, PartsMayComeInAnyOrder) {
  const ScratchFolder folder;
  const std::vector<std::size_t> cube = {2, 3, 4};
  const std::vector<float> values = some_values(24);
  ProductFile file = ProductFile::create(folder / "a.fits");
  file.write_primary({});
  const auto sci = file.begin_image("SCI", 1, cube, PixelType::real32, {});
  const auto err = file.begin_image("ERR", 1, cube, PixelType::real32, {});
  for (const std::size_t integration : {1u, 0u}) {
    const auto block = std::span<const float>(values).subspan(integration * 12, 12);
    file.write_values(sci, integration * 12, block);
    file.write_values(err, integration * 12, block);
  }
  file.finish();
  file.commit();
  FitsFile read = FitsFile::open(folder / "a.fits");
  for (const char* const name : {"SCI", "ERR"}) {
    std::vector<float> back(24);
    read.read(name, 1, 0, std::span(back));
    EXPECT_EQ(back[0], values[0]);
    EXPECT_EQ(back[23], values[23]);
  }
}

std::string refusal(const std::function<void()>& action, ErrorCause cause) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(ProductFile, MissingValuesAreRefused) {
  const ScratchFolder folder;
  ProductFile file = ProductFile::create(folder / "a.fits");
  file.write_primary({});
  const auto sci = file.begin_image("SCI", 1, kShape, PixelType::real32, {});
  file.write_values(sci, 0, std::span<const float>(some_values(6)));
  EXPECT_THAT(refusal([&] { file.finish(); }, ErrorCause::internal), HasSubstr("24 of 48 bytes of an HDU were written"));
  EXPECT_THAT(refusal([&] { file.write_values(sci, 8, std::span<const float>(some_values(6))); }, ErrorCause::internal),
              HasSubstr("values 8 to 14 written to an HDU with 12"));
  const std::vector<std::uint32_t> flags(2);
  EXPECT_THAT(refusal([&] { file.write_values(sci, 6, std::span<const std::uint32_t>(flags)); }, ErrorCause::internal),
              HasSubstr("another type"));
}

TEST(ProductFile, FolderThatIsNotThereIsAnErrorOfTheSystem) {
  const std::string text = refusal([] { ProductFile::create("/no/such/folder/a.fits"); }, ErrorCause::system);
  EXPECT_THAT(text, HasSubstr("cannot create the product: No such file or directory (file /no/such/folder/a.fits)"));
  EXPECT_THAT(text, HasSubstr("Check the free space of the disk and the permissions of the folder"));
}

TEST(ProductFile, EachFailingOperationLeavesNothingBehind) {
  const ScratchFolder folder;
  FaultyFiles counting;
  write_all(folder / "counted.fits", counting).commit();
  std::filesystem::remove(folder / "counted.fits");
  ASSERT_GE(counting.count(), 6);  // create, room, write, sync, close, rename
  for (int operation = 1; operation <= counting.count(); ++operation) {
    FaultyFiles files(operation);
    const std::string text = refusal([&] { write_all(folder / "a.fits", files).commit(); }, ErrorCause::system);
    EXPECT_THAT(text, HasSubstr("No space left on device")) << files.failed();
    EXPECT_THAT(text, HasSubstr("a.fits"));
    EXPECT_THAT(folder.names(), IsEmpty()) << "after a failing " << files.failed();
  }
  RecordProperty("operations", counting.count());
}

TEST(ProductFile, ThousandsOfHdusNeedWritesByBytesAndNotByHdus) {
  const ScratchFolder folder;
  FaultyFiles files;
  ProductFile file = ProductFile::create(folder / "a.fits", files);
  file.write_primary({});
  const std::vector<float> values = some_values(12);
  constexpr int kSlits = 3000;
  for (int slit = 1; slit <= kSlits; ++slit) file.write_image("SCI", slit, kShape, std::span<const float>(values), {});
  file.finish();
  file.commit();
  EXPECT_EQ(file.size(), 2880u * (1 + 2 * kSlits));
  EXPECT_LT(files.count(), 2880 * (1 + 2 * kSlits) / 200000 + 5);
  FitsFile read = FitsFile::open(folder / "a.fits");
  EXPECT_EQ(read.count("SCI"), static_cast<std::size_t>(kSlits));
}

}  // namespace
}  // namespace spec2::io
