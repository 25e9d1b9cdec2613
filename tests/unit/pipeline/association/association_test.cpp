#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/association/association.hpp"

namespace spec2::pipeline {
namespace {

namespace fs = std::filesystem;

const std::string kScience = R"({"expname": "s_rate.fits", "exptype": "science"})";

std::string with_members(const std::string& members, const std::string& name = "p") {
  return R"({"asn_pool": "x", "products": [{"name": ")" + name + R"(", "members": [)" + members + "]}]}";
}

Association parse(const std::string& text) { return parse_association(text, "/data/set/a_asn.json"); }

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::user_input);
    EXPECT_EQ(error.place().file, "/data/set/a_asn.json");
    return error.place().keyword + ": " + error.problem();
  }
  return "accepted";
}

TEST(Association, GivesMembersByType) {
  const Association association =
      parse(with_members(R"({"expname": "b1.fits", "exptype": "Background"}, )" + kScience +
                         R"(, {"expname": "b2.fits", "exptype": "background"}, {"expname": "i.fits", "exptype": "imprint"})"));
  ASSERT_EQ(association.products.size(), 1u);
  EXPECT_EQ(association.table_name, "a_asn.json");
  const Product& product = association.products[0];
  EXPECT_EQ(product.science().file, "/data/set/s_rate.fits");
  EXPECT_EQ(product.files(MemberType::background), (std::vector<fs::path>{"/data/set/b1.fits", "/data/set/b2.fits"}));
  EXPECT_EQ(product.files(MemberType::selfcal).size(), 0u);
  EXPECT_EQ(product.members[0].exptype, "Background");
  EXPECT_EQ(to_string(product.members[3].type), "imprint");
  EXPECT_TRUE(association.warnings.empty());
}

TEST(Association, KeepsMembersInItsFolder) {
  for (const char* name : {"../s.fits", "/etc/passwd", "a/../../s.fits", "."}) {
    EXPECT_NE(refusal(with_members(R"({"expname": ")" + std::string(name) + R"(", "exptype": "science"})"))
                  .find("lies outside the folder"),
              std::string::npos)
        << name;
  }
  const Association inside = parse(with_members(R"({"expname": "sub/s.fits", "exptype": "science"})"));
  EXPECT_EQ(inside.products[0].science().file, "/data/set/sub/s.fits");
  EXPECT_EQ(inside.warnings.size(), 1u);
  const Association anywhere =
      parse_association(with_members(R"({"expname": "/else/s.fits", "exptype": "science"})"), "a.json", MemberPlace::anywhere);
  EXPECT_EQ(anywhere.products[0].science().file, "/else/s.fits");
}

TEST(Association, NamesTheEntryThatIsWrong) {
  EXPECT_EQ(refusal("{}"), "products: a required entry is missing");
  EXPECT_EQ(refusal(R"({"products": []})"), "products: the association has no products");
  EXPECT_EQ(refusal(R"({"products": [{"members": []}]})"), "products[0].name: a required entry is missing");
  EXPECT_EQ(refusal(with_members("")), "products[0].members: product 'p' has no science member");
  EXPECT_EQ(refusal(with_members(kScience + R"(, {"expname": 5, "exptype": "background"})")),
            "products[0].members[1].expname: the entry is not a text");
  EXPECT_EQ(refusal(with_members(R"("s_rate.fits")")),
            "products[0].members[0]: a member is not an object with expname and exptype");
  EXPECT_EQ(refusal(R"({"products": [{"name": "a_cal", "members": [)" + kScience + R"(]}, {"name": "x/a_rate", "members": [)" +
                    kScience + "]}]}"),
            "products[1].name: products 'a_cal' and 'x/a_rate' would write the same files (a_cal.fits)");
  EXPECT_EQ(refusal(R"({"asn_type": 2, "products": []})"), "asn_type: the entry is not a text");
}

TEST(Association, ReadsYamlWithAWarning) {
  const Association association = parse("products:\n- name: p\n  members:\n  - {expname: s_rate.fits, exptype: science}\n");
  EXPECT_EQ(association.products[0].root.text, "p");
  ASSERT_EQ(association.warnings.size(), 1u);
  EXPECT_EQ(association.warnings[0], "a_asn.json is not JSON (line 1 column 1); it was read as YAML");
  EXPECT_EQ(refusal("products:\n- name: 5\n  members: []"), "products[0].name: the entry is not a text");
}

TEST(Association, TakesNumbersThatNoDoubleHolds) {
  EXPECT_EQ(parse(R"({"weight": 1e999, "products": [{"name": "p", "members": [)" + kScience + "]}]}").products.size(), 1u);
  EXPECT_NE(refusal("66e6666666666666666o"), "accepted");
}

TEST(Association, NamesThePlaceInTheText) {
  try {
    parse("{\n  \"products\": [\n    {]\n");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.place().line, 3);
    EXPECT_EQ(error.place().column, 6);
  }
  EXPECT_EQ(refusal(std::string("{\"a\": \"\xe9\"}")), ": the file is not UTF-8 text");
  EXPECT_NE(refusal(std::string(200000, '[')), "accepted");
  EXPECT_NE(refusal("{a: " + std::string(400, '[')), "accepted");
}

TEST(Association, IsMadeOfOneExposure) {
  const Association association = association_of_exposure("folder/jw01_nrs1_rate.fits");
  EXPECT_EQ(association.products[0].root.text, "jw01_nrs1");
  EXPECT_EQ(association.products[0].science().file, fs::absolute("folder/jw01_nrs1_rate.fits"));
  EXPECT_EQ(association.pool, "singleton");
  EXPECT_THROW(load_association("absent_asn.json"), Error);
  EXPECT_THROW(load_association("."), Error);
}

}  // namespace
}  // namespace spec2::pipeline
