#include "datamodels/io/write_product.hpp"

#include <gmock/gmock.h>

#include <string>

#include "core/error.hpp"
#include "faulty_files.hpp"
#include "scratch_folder.hpp"

namespace spec2::io {
namespace {

using test::FaultyFiles;
using test::ScratchFolder;

/// The first of `total` integrations of a cube.
Exposure first_block(Account& account, std::size_t total) {
  Exposure exposure;
  exposure.kind = ModelKind::cube;
  exposure.data_axes = 3;
  exposure.block = {0, total};
  const PlaneShape shape{1, 64, 512};
  exposure.planes.sci = make_plane<float>(account, shape, "SCI");
  exposure.planes.err = make_plane<float>(account, shape, "ERR");
  exposure.planes.dq = make_plane<std::uint32_t>(account, shape, "DQ");
  return exposure;
}

TEST(SeriesProduct, ADiskWithoutTheRoomIsAnErrorBeforeTheOtherIntegrations) {
  const ScratchFolder folder;
  Account account("test");
  const Exposure first = first_block(account, 50);
  bool is_seen = false;
  for (int operation = 1; operation < 20 && !is_seen; ++operation) {
    FaultyFiles files(operation);
    try {
      SeriesProduct(first, folder / "a.fits", {"test", {}}, files);
    } catch (const Error& error) {
      is_seen = files.failed() == "room";
      if (!is_seen) continue;
      EXPECT_EQ(error.cause(), ErrorCause::system);
      EXPECT_THAT(error.what(), ::testing::HasSubstr("cannot take room for the product: No space left on device"));
    }
  }
  EXPECT_TRUE(is_seen);
  EXPECT_TRUE(folder.names().empty());
}

}  // namespace
}  // namespace spec2::io
