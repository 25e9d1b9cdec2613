#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "pipeline/crds/crds_cache.hpp"
#include "pipeline/crds/reference_selector.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

class CrdsCacheTest : public ::testing::Test {
 protected:
  CrdsCacheTest() {
    root_ =
        fs::path(::testing::TempDir()) / ("crds_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "config/jwst");
    fs::create_directories(root_ / "mappings/jwst");
  }
  ~CrdsCacheTest() override { fs::remove_all(root_); }
  void write(const std::string& path, const std::string& text) const { std::ofstream(root_ / path) << text; }
  ReferenceSelector open(const std::string& context = "") const {
    return ReferenceSelector::open(root_, context, ChecksumPolicy::ignore);
  }

  fs::path root_;
};

TEST_F(CrdsCacheTest, KnowsBothLayouts) {
  EXPECT_EQ(CrdsCache::at(root_).reference_path("jwst_nirspec_flat_0001.fits", "NIRSPEC"),
            root_ / "references/jwst/nirspec/jwst_nirspec_flat_0001.fits");
  EXPECT_EQ(CrdsCache::at(root_).reference_path("other.fits", "MIRI"), root_ / "references/jwst/miri/other.fits");
  write("config/jwst/ref_cache_subdir_mode", "flat\n");
  EXPECT_EQ(CrdsCache::at(root_).reference_path("jwst_nirspec_flat_0001.fits", "NIRSPEC"),
            root_ / "references/jwst/jwst_nirspec_flat_0001.fits");
  write("config/jwst/ref_cache_subdir_mode", "upside down");
  EXPECT_THROW(CrdsCache::at(root_), Error);
  EXPECT_THROW(CrdsCache::at(root_ / "absent"), Error);
}

TEST_F(CrdsCacheTest, KeepsNamesInsideItsFolders) {
  const CrdsCache cache = CrdsCache::at(root_);
  for (const char* name : {"", "..", "../x.fits", "/etc/passwd", "a/b.fits", "a\\b", ".hidden", "a b"}) {
    EXPECT_THROW(cache.reference_path(name, "miri"), Error) << name;
    EXPECT_THROW(cache.mapping_path(name), Error) << name;
  }
  EXPECT_THROW(cache.reference_path("x.fits", "../miri"), Error);
}

TEST_F(CrdsCacheTest, TakesTheContextOfTheLastSynchronisation) {
  EXPECT_THROW(open(), Error);
  write("config/jwst/server_config", "{'operational_context': 'jwst_0001.pmap', 'mappings': ['x']}");
  EXPECT_EQ(CrdsCache::at(root_).default_context(), "jwst_0001.pmap");
  write("config/jwst/server_config", "{'operational_context': 'jwst_0001.pmap', 'latest_context': 'jwst_0002.pmap'}");
  EXPECT_EQ(CrdsCache::at(root_).default_context(), "jwst_0002.pmap");
  EXPECT_THROW(open("jwst-2020-01-01"), Error);
}

TEST_F(CrdsCacheTest, ReadsMappingsWhenTheyAreAskedFor) {
  write("mappings/jwst/c.pmap", "header = {}\nselector = {'NIRSPEC' : 'n.imap', 'MIRI' : '../../m.imap', 'FGS' : 'absent.imap'}");
  write("mappings/jwst/n.imap",
        "header = {}\nselector = {'flat' : 'f.rmap', 'area' : 'N/A', 'wcs' : 'OMIT', 'dark' : 'absent.rmap'}");
  write("mappings/jwst/f.rmap",
        "header = {'parkey' : (('META.INSTRUMENT.DETECTOR',),)}\nselector = Match({'NRS1' : 'flat.fits'})");
  const ReferenceSelector selector = open("c.pmap");
  HeaderValues header;
  header.set("INSTRUME", "nirspec");
  header.set("DETECTOR", "NRS1");
  EXPECT_EQ(selector.best(header, "FLAT").file_name, "flat.fits");
  EXPECT_EQ(selector.best(header, "area").status, RecommendationStatus::na);
  EXPECT_EQ(selector.best(header, "wcs").status, RecommendationStatus::omitted);
  EXPECT_EQ(selector.best(header, "nosuch").message, "context c.pmap has no reference type 'nosuch' for nirspec");
  EXPECT_THROW(selector.best(header, "dark"), Error);
  EXPECT_EQ(selector.reference_types(header), (std::vector<std::string>{"area", "dark", "flat", "wcs"}));
  EXPECT_EQ(open("n.imap").instrument_of(header), "nirspec");
  header.set("INSTRUME", "MIRI");
  EXPECT_THROW(selector.best(header, "flat"), Error);
  header.set("INSTRUME", "FGS");
  EXPECT_THROW(selector.best(header, "flat"), Error);
  header.set("INSTRUME", "WFC3");
  EXPECT_THROW(selector.best(header, "flat"), Error);
  EXPECT_THROW(selector.best(HeaderValues{}, "flat"), Error);
}

}  // namespace
}  // namespace spec2::pipeline
