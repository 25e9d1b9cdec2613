#include "pipeline/association/make_association.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Candidate exposure(const std::string& file, std::int64_t position = 1, const std::string& nod = "3-POINT-NOD") {
  Candidate candidate{"data/" + file, Metadata(file)};
  const std::pair<const char*, const char*> texts[] = {{"PROGRAM", "09001"}, {"INSTRUME", "NIRSPEC"}, {"DETECTOR", "NRS1"},
                                                       {"EXP_TYPE", "NRS_FIXEDSLIT"}, {"FILTER", "F290LP"}, {"GRATING", "G395M"},
                                                       {"SUBARRAY", "ALLSLITS"}, {"OBSERVTN", "001"}, {"VISIT", "001"}};
  for (const auto& [keyword, value] : texts) candidate.header.set(keyword, std::string(value));
  candidate.header.set("NOD_TYPE", nod);
  candidate.header.set("PATT_NUM", position);
  return candidate;
}

/// "product: science a.fits, background b.fits".
std::vector<std::string> described(const MadeAssociation& made) {
  std::vector<std::string> products;
  const auto association = nlohmann::json::parse(made.json);
  for (const auto& product : association["products"]) {
    std::string text = product["name"].get<std::string>() + ":";
    for (const auto& member : product["members"]) {
      text += " " + member["exptype"].get<std::string>() + " " + member["expname"].get<std::string>();
    }
    products.push_back(text);
  }
  return products;
}

TEST(MakeAssociation, NodsAreBackgroundsOfEachOther) {
  const auto made =
      make_association({exposure("b_rate.fits", 2), exposure("a_rate.fits", 1), exposure("c_rate.fits", 1)}, "data");
  EXPECT_THAT(described(made), ElementsAre("a: science a_rate.fits background b_rate.fits",
                                           "b: science b_rate.fits background a_rate.fits background c_rate.fits",
                                           "c: science c_rate.fits background b_rate.fits"));
  EXPECT_EQ(nlohmann::json::parse(made.json)["asn_rule"], "Asn_Lv2NRSFSS");
}

TEST(MakeAssociation, OtherConfigurationsAreNoBackgrounds) {
  Candidate other = exposure("b_rate.fits", 2);
  other.header.set("GRATING", std::string("G235M"));
  Candidate elsewhere = exposure("c_rate.fits", 2);
  elsewhere.header.set("OBSERVTN", std::string("002"));
  EXPECT_THAT(
      described(make_association({exposure("a_rate.fits"), other, elsewhere, exposure("d_rate.fits", 3, "NONE")}, "data")),
      ElementsAre("a: science a_rate.fits", "b: science b_rate.fits", "c: science c_rate.fits", "d: science d_rate.fits"));
}

TEST(MakeAssociation, BackgroundTargetsServeAllOfTheirConfiguration) {
  Candidate sky = exposure("sky_rate.fits", 1, "NONE");
  sky.header.set("BKGDTARG", true);
  sky.header.set("OBSERVTN", std::string("002"));
  EXPECT_THAT(described(make_association({exposure("a_rate.fits", 1, "NONE"), sky}, "data")),
              ElementsAre("a: science a_rate.fits background sky_rate.fits", "sky: science sky_rate.fits"));
}

TEST(MakeAssociation, OneFileForEachExposureAndSpectraOnly) {
  Candidate image = exposure("i_rate.fits");
  image.header.set("EXP_TYPE", std::string("NRC_IMAGE"));
  Candidate series = exposure("s_rate.fits"), by_integration = exposure("s_rateints.fits");
  for (Candidate* each : {&series, &by_integration}) each->header.set("EXP_TYPE", std::string("NRS_BRIGHTOBJ"));
  const auto made = make_association({image, series, by_integration}, ".");
  EXPECT_THAT(described(made), ElementsAre("s: science data/s_rateints.fits"));
  EXPECT_THAT(made.warnings, ElementsAre(HasSubstr("NRC_IMAGE"), HasSubstr("s_rate.fits")));
}

TEST(MakeAssociation, FilesOutsideTheFolderAreRefused) {
  EXPECT_THROW(make_association({exposure("a_rate.fits")}, "elsewhere"), Error);
}

}  // namespace
}  // namespace spec2::pipeline
