#include "core/file_checksum.hpp"

#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace spec2 {
namespace {

namespace fs = std::filesystem;

class FileChecksum : public ::testing::Test {
 protected:
  void TearDown() override { fs::remove(file_); }
  void write(const std::string& text) const { std::ofstream(file_, std::ios::binary) << text; }
  fs::path file_ = fs::temp_directory_path() / ("file_checksum_" + std::to_string(::getpid()));
};

// Digests of xxhsum -H2 0.8.1.
TEST_F(FileChecksum, OfKnownBytes) {
  write("");
  EXPECT_EQ(file_checksum(file_), "xxh128:99aa06d3014798d86001c324468d497f");
  write("abc");
  EXPECT_EQ(file_checksum(file_), "xxh128:06b05ab6733a618578af5f94892f3950");
}

TEST_F(FileChecksum, EveryByteCountsAlsoBeyondTheBuffer) {
  std::string text(600'000, 'x');
  write(text);
  const std::string whole = file_checksum(file_);
  for (const std::size_t place : {std::size_t{0}, std::size_t{262'143}, std::size_t{262'144}, text.size() - 1}) {
    text[place] = 'y';
    write(text);
    EXPECT_NE(file_checksum(file_), whole) << place;
    text[place] = 'x';
  }
  write(text);
  EXPECT_EQ(file_checksum(file_), whole);
  EXPECT_EQ(file_state(file_).size, text.size());
}

// XXH3 with 128 bits of the digests of 1 MiB, 1 MiB and 1 byte, by the Python package xxhash 4.1.0.
TEST_F(FileChecksum, LargeFilesAreSummedByPieces) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  std::string text(2 * kPiece + 1, 'x');
  text[kPiece] = 'y';
  write(text);
  const std::string expected = "xxh128-1m:ade58537403508b9a1040d11ba919d22";
  EXPECT_EQ(file_checksum(file_), expected);
  for (const std::size_t threads : {1u, 2u, 5u}) {
    const Parallel parallel(threads);
    ChecksumAhead ahead(file_, parallel);
    EXPECT_EQ(ahead.finish(), expected);
  }
  text.resize(kPiece);  // one whole piece is a small file
  write(text);
  EXPECT_TRUE(file_checksum(file_).starts_with("xxh128:"));
}

TEST_F(FileChecksum, AFileThatGotShorterIsAnError) {
  write(std::string(1000, 'x'));
  const Parallel one_thread;
  ChecksumAhead ahead(file_, one_thread);
  write("x");
  try {
    ahead.finish();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("became shorter"));
  }
}

TEST_F(FileChecksum, AMissingFileIsNamed) {
  try {
    file_checksum(file_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::system);
    EXPECT_THAT(error.what(), ::testing::HasSubstr(file_.string()));
  }
  EXPECT_THROW(file_state(file_), Error);
}

}  // namespace
}  // namespace spec2
