#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/association/association.hpp"

namespace spec2::pipeline {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kFolder = fs::path(SPEC2_SHARED_DIR) / "asn";

/// Cases where the peer has a defect and spec2 does otherwise (docs/differences.md): what spec2 does.
const std::map<std::string, bool> kDifferences = {{"files/03_form_2016_asn.json", true},     // SCIENCE in upper case
                                                  {"files/40_upper_exptype_asn.json", true},
                                                  {"files/08_same_name_asn.json", false}};   // products overwrite each other

/// Failures that are not of the association but of its exposures: the runner's.
bool fails_later(const json& pipeline) {
  const std::string message = pipeline.value("message", "");
  return message.find("absent_rate.fits") != std::string::npos || message.find("No source catalog") != std::string::npos;
}

json members_of(const Product& product, const fs::path& folder) {
  json members = json::array();
  for (const Member& member : product.members) {
    members.push_back({member.file.lexically_relative(folder).string(), member.exptype});
  }
  return members;
}

TEST(ExpectedAssociations, AreReadAsThePeerReadsThem) {
  if (!fs::exists(kFolder / "expected.json")) GTEST_SKIP() << "the shared cases are not here";
  const json cases = json::parse(std::ifstream(kFolder / "expected.json"));
  std::size_t compared = 0;
  for (const json& one : cases) {
    const std::string name = one.at("file").get<std::string>();
    SCOPED_TRACE(name + ": " + one.at("note").get<std::string>());
    const fs::path file = kFolder / name;
    const bool is_exposure = name.ends_with(".fits");
    bool expected = one.at("pipeline").at("ok").get<bool>() || fails_later(one.at("pipeline"));
    if (kDifferences.contains(name)) expected = kDifferences.at(name);
    ++compared;
    try {
      // The exposure of the case is made by its generator and is not kept.
      const Association association = is_exposure ? association_of_exposure(file) : load_association(file);
      ASSERT_TRUE(expected);
      if (!one.contains("load_as_level2")) continue;
      const json& level2 = one.at("load_as_level2");
      EXPECT_EQ(association.table_name, level2.at("filename").get<std::string>());
      EXPECT_EQ(association.type, level2.at("asn_type").get<std::string>());
      EXPECT_EQ(association.rule, level2.at("asn_rule").get<std::string>());
      EXPECT_EQ(association.pool, level2.at("asn_pool").get<std::string>());
      EXPECT_EQ(association.id, level2.at("asn_id").get<std::string>());
      ASSERT_EQ(association.products.size(), level2.at("products").size());
      for (std::size_t i = 0; i < association.products.size(); ++i) {
        const json& product = level2.at("products")[i];
        EXPECT_EQ(association.products[i].name, product.at("name").get<std::string>());
        json members = json::array();
        for (const json& member : product.at("members")) {
          members.push_back({fs::path(member.at("expname").get<std::string>()).string(), member.at("exptype")});
        }
        if (!is_exposure) {
          EXPECT_EQ(members_of(association.products[i], fs::absolute(file).lexically_normal().parent_path()), members);
        }
      }
      if (one.at("pipeline").at("ok").get<bool>() && !one.contains("parameters")) {
        std::set<std::string> files;
        for (const json& written : one.at("pipeline").at("files_written")) files.insert(written.get<std::string>());
        for (const Product& product : association.products) {
          EXPECT_TRUE(files.contains(product.root.file_name("cal")) || files.contains(product.root.file_name("calints")))
              << product.name;
        }
      }
    } catch (const Error& error) {
      EXPECT_FALSE(expected) << error.what();
      EXPECT_EQ(error.cause(), ErrorCause::user_input);
    }
  }
  EXPECT_EQ(compared, cases.size());
  EXPECT_EQ(cases.size(), 94u);
}

TEST(ExpectedAssociations, ChoosesTheSameMembers) {
  if (!fs::exists(kFolder / "expected.json")) GTEST_SKIP() << "the shared cases are not here";
  const auto names = [](const std::vector<fs::path>& files) {
    json list = json::array();
    for (const fs::path& file : files) list.push_back(file.filename().string());
    return list;
  };
  const json cases = json::parse(std::ifstream(kFolder / "expected.json"));
  for (const json& one : cases) {
    if (one.contains("parameters") || !one.at("pipeline").at("ok").get<bool>() ||
        one.at("file").get<std::string>().ends_with(".fits")) {
      continue;
    }
    const std::string name = one.at("file").get<std::string>();
    if (kDifferences.contains(name)) continue;
    SCOPED_TRACE(name);
    const Product product = load_association(kFolder / name).products.front();
    const json& members = one.at("pipeline").at("steps").at("members");
    // Modes with a reference background take no background members; which those are is the chain's to know.
    const bool by_members = !members.contains("bkg_subtract") || !members.at("bkg_subtract").at(0).empty();
    if (members.contains("bkg_subtract") && by_members) {
      EXPECT_EQ(names(product.files(MemberType::background)), members.at("bkg_subtract").at(0));
    }
    if (members.contains("imprint_subtract") && members.at("imprint_subtract").at(0).is_array()) {
      EXPECT_EQ(names(product.files(MemberType::imprint)), members.at("imprint_subtract").at(0));
    }
  }
}

}  // namespace
}  // namespace spec2::pipeline
