#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/crds/reference_selector.hpp"

namespace spec2::pipeline {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kShared = SPEC2_SHARED_DIR;

HeaderValues header_of(const json& given) {
  HeaderValues header;
  for (const auto& [key, value] : given.items()) {
    if (value.is_boolean()) {
      header.set(key, value.get<bool>());
    } else if (value.is_number_integer()) {
      header.set(key, value.get<std::int64_t>());
    } else if (value.is_number_float()) {
      header.set(key, value.get<double>());
    } else {
      header.set(key, value.get<std::string>());
    }
  }
  return header;
}

/// The crds package fails for a whole case; here each type is asked apart, so an ambiguous type is enough.
std::string failure_of(const ReferenceSelector& selector, const HeaderValues& header, const json& types) {
  bool ambiguous = false;
  try {
    for (const auto& type : types) {
      const Recommendation answer = selector.best(header, type.get<std::string>());
      ambiguous = ambiguous || answer.message.find("several rules of equal weight name references") != std::string::npos;
    }
  } catch (const Error& error) {
    return error.problem().find("does not name") != std::string::npos ? "CrdsError" : "CrdsUnknownInstrumentError";
  }
  return ambiguous ? "TypeError" : "none";
}

void compare_cases(const fs::path& cases_file, const ReferenceSelector& selector, std::size_t count) {
  const json cases = json::parse(std::ifstream(cases_file)).at("cases");
  ASSERT_EQ(cases.size(), count);
  for (const json& one : cases) {
    SCOPED_TRACE("case " + one.at("id").dump() + " (" + one.at("note").get<std::string>() + ") " + one.at("header").dump());
    const HeaderValues header = header_of(one.at("header"));
    const json& expected = one.at("expected");
    if (expected.contains("error")) {
      EXPECT_EQ(failure_of(selector, header, one.at("reftypes")), expected.at("error").get<std::string>());
      continue;
    }
    for (const auto& [type, wanted] : expected.items()) {
      const Recommendation answer = selector.best(header, type);
      EXPECT_EQ(to_string(answer.status), wanted.at("status").get<std::string>()) << type << ": " << answer.message;
      if (wanted.at("status") == "file") {
        EXPECT_EQ(answer.file_name, wanted.at("value").get<std::string>()) << type;
        EXPECT_FALSE(answer.rule.empty()) << type;
      }
    }
  }
}

TEST(BestReferences, GenuineContext) {
  if (!fs::exists(kShared / "bestrefs/cases.json")) GTEST_SKIP() << "the shared cases are not here";
  const CrdsCache cache{kShared / "real/crds_mappings/jwst", {}, {}, CrdsCache::Layout::instrument};
  compare_cases(kShared / "bestrefs/cases.json", ReferenceSelector::open(cache, "jwst_0541.pmap"), 506);
}

TEST(BestReferences, SyntheticContext) {
  if (!fs::exists(kShared / "bestrefs/synthetic_cases.json")) GTEST_SKIP() << "the shared cases are not here";
  const ReferenceSelector selector = ReferenceSelector::open(kShared / "bestrefs/synthetic", "jwst_9901.pmap");
  compare_cases(kShared / "bestrefs/synthetic_cases.json", selector, 220);
}

TEST(BestReferences, EveryTypeOfAnInstrumentInThirtyMilliseconds) {
  if (!fs::exists(kShared / "real/crds_mappings/jwst")) GTEST_SKIP() << "the shared mappings are not here";
  HeaderValues header;
  header.set("INSTRUME", "NIRSPEC");
  const auto begin = std::chrono::steady_clock::now();
  const CrdsCache cache{kShared / "real/crds_mappings/jwst", {}, {}, CrdsCache::Layout::instrument};
  const ReferenceSelector selector = ReferenceSelector::open(cache, "jwst_0541.pmap");
  for (const std::string& type : selector.reference_types(header)) selector.best(header, type);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  RecordProperty("milliseconds", std::to_string(seconds * 1e3));
  // Ten times the aim: the test also runs under sanitizers and beside other work.
  EXPECT_LT(seconds, 0.3);
}

TEST(BestReferences, ContextAndPathsOfACache) {
  if (!fs::exists(kShared / "crds/config")) GTEST_SKIP() << "the shared cache is not here";
  const ReferenceSelector selector = ReferenceSelector::open(kShared / "crds");
  EXPECT_EQ(selector.context(), "jwst_9001.pmap");
  HeaderValues header;
  header.set("INSTRUME", "NIRSPEC");
  header.set("EXP_TYPE", "NRS_FIXEDSLIT");
  header.set("DATE-OBS", "2023-01-01");
  header.set("TIME-OBS", "00:00:00");
  const Recommendation answer = selector.best(header, "msa");
  ASSERT_EQ(answer.status, RecommendationStatus::file) << answer.message;
  EXPECT_TRUE(is_present(selector.path_of(answer, header))) << selector.path_of(answer, header);
}

}  // namespace
}  // namespace spec2::pipeline
