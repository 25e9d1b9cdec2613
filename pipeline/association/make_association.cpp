#include "pipeline/association/make_association.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/association/product_name.hpp"

namespace spec2::pipeline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kTimeSeries = {"NRS_BRIGHTOBJ", "MIR_LRS-SLITLESS", "NIS_SOSS", "NRC_TSGRISM",
                                                         "NRC_TSIMAGE"};
constexpr std::array<std::string_view, 2> kLamps = {"NRS_LAMP", "NRS_AUTOWAVE"};
constexpr std::array<std::string_view, 7> kSpectra = {"NRS_FIXEDSLIT", "NRS_MSASPEC", "NRS_IFU", "MIR_LRS-FIXEDSLIT", "MIR_MRS",
                                                      "NIS_WFSS", "NRC_WFSS"};

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& types, std::string_view type) {
  return std::ranges::find(types, type) != types.end();
}

/// What the rules look at.
struct Exposure {
  const Candidate* candidate = nullptr;
  std::string name;           ///< of its product
  std::string type;           ///< EXP_TYPE
  std::string configuration;  ///< equal for exposures that can be taken from each other
  std::string pointing;       ///< observation, visit and target: equal for the positions of one pattern
  std::int64_t position = 0;  ///< PATT_NUM
  bool is_nod = false, is_background = false, is_imprint = false;
};

std::string text_of(const Metadata& header, const char* keyword) { return header.find_text(keyword).value_or(""); }

bool flag_of(const Metadata& header, const char* keyword) {
  const MetaValue* const value = header.find(keyword);
  const bool* const flag = value ? std::get_if<bool>(value) : nullptr;
  return flag && *flag;
}

std::string joined(const Metadata& header, std::initializer_list<const char*> keywords) {
  std::string all;
  for (const char* keyword : keywords) all.append(text_of(header, keyword)).append(1, '|');
  return all;
}

Exposure facts(const Candidate& candidate) {
  const Metadata& header = candidate.header;
  Exposure exposure;
  exposure.candidate = &candidate;
  exposure.name = product_root(candidate.file.filename().string()).text;
  exposure.type = text_of(header, "EXP_TYPE");
  exposure.configuration = joined(header, {"PROGRAM", "INSTRUME", "DETECTOR", "EXP_TYPE", "FILTER", "GRATING", "CHANNEL", "BAND",
                                           "PUPIL", "SUBARRAY", "FXD_SLIT", "MSAMETFL"});
  exposure.pointing = joined(header, {"OBSERVTN", "VISIT", "TARGPROP"});
  exposure.position = header.find_integer("PATT_NUM").value_or(0);
  exposure.is_nod = text_of(header, "NOD_TYPE").find("NOD") != std::string::npos ||
                    text_of(header, "PATTTYPE").find("NOD") != std::string::npos;
  exposure.is_background = flag_of(header, "BKGDTARG");
  exposure.is_imprint = flag_of(header, "IS_IMPRT");
  return exposure;
}

bool can_have_backgrounds(const Exposure& exposure) { return is_one_of(kSpectra, exposure.type) && !exposure.is_background; }

/// "background", "imprint", or nothing: what `other` is to `science`.
std::string_view role(const Exposure& science, const Exposure& other) {
  if (&science == &other || science.configuration != other.configuration) return {};
  if (other.is_imprint) return science.pointing == other.pointing || science.is_background ? "imprint" : "";
  if (!can_have_backgrounds(science)) return {};
  if (other.is_background) return "background";
  const bool other_nod =
      science.is_nod && other.is_nod && science.pointing == other.pointing && science.position != other.position;
  return other_nod ? "background" : "";
}

std::string rule_of(const Exposure& science, bool has_backgrounds) {
  if (is_one_of(kTimeSeries, science.type)) return "Asn_Lv2SpecTSO";
  if (is_one_of(kLamps, science.type)) return "Asn_Lv2NRSLAMPSpectral";
  if (science.type == "NRS_FIXEDSLIT" && science.is_nod && has_backgrounds) return "Asn_Lv2NRSFSS";
  if (science.type == "NRS_IFU" && science.is_nod && has_backgrounds) return "Asn_Lv2NRSIFUNod";
  return "Asn_Lv2Spec";
}

std::string member_name(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const auto relative =
      std::filesystem::absolute(file).lexically_normal().lexically_relative(std::filesystem::absolute(folder).lexically_normal());
  if (relative.empty() || relative.begin()->string() == "..") {
    throw Error(ErrorCause::user_input, "an exposure lies outside the folder of the association", {.file = file.string()},
                "Write the association with --output into a folder above all exposures");
  }
  return relative.generic_string();
}

/// Exposures that become products, in the order of their names; of several files of one exposure the one that stage 2 takes.
std::vector<Exposure> chosen(const std::vector<Candidate>& candidates, std::vector<std::string>& warnings) {
  std::map<std::string, Exposure> by_name;
  for (const Candidate& candidate : candidates) {
    Exposure exposure = facts(candidate);
    const bool is_series = is_one_of(kTimeSeries, exposure.type);
    if (!is_series && !is_one_of(kLamps, exposure.type) && !is_one_of(kSpectra, exposure.type)) {
      warnings.push_back(fmt::format("{} is left out: EXP_TYPE '{}' is no spectrum", candidate.file.string(), exposure.type));
      continue;
    }
    const auto [place, is_new] = by_name.try_emplace(exposure.name, exposure);
    if (is_new) continue;
    const bool takes_new = candidate.file.stem().string().ends_with("_rateints") == is_series;
    warnings.push_back(fmt::format("{} is left out: there is another file of this exposure",
                                   (takes_new ? place->second.candidate->file : candidate.file).string()));
    if (takes_new) place->second = exposure;
  }
  std::vector<Exposure> exposures;
  for (auto& [name, exposure] : by_name) exposures.push_back(std::move(exposure));
  return exposures;
}

}  // namespace

MadeAssociation make_association(const std::vector<Candidate>& candidates, const std::filesystem::path& folder) {
  MadeAssociation made;
  const std::vector<Exposure> exposures = chosen(candidates, made.warnings);
  Json products = Json::array();
  std::string rule;
  for (const Exposure& science : exposures) {
    if (science.is_imprint) continue;
    Json members = Json::array({{{"expname", member_name(science.candidate->file, folder)}, {"exptype", "science"}}});
    for (const Exposure& other : exposures) {
      const std::string_view type = role(science, other);
      if (!type.empty()) members.push_back({{"expname", member_name(other.candidate->file, folder)}, {"exptype", type}});
    }
    if (rule.empty()) rule = rule_of(science, members.size() > 1);
    products.push_back({{"name", science.name}, {"members", std::move(members)}});
  }
  made.products = products.size();
  if (products.empty()) return made;
  const Json association = {{"asn_type", "spec2"},   {"asn_rule", rule},
                            {"program", text_of(exposures.front().candidate->header, "PROGRAM")},
                            {"asn_id", "a3001"},     {"asn_pool", "none"},
                            {"products", std::move(products)}};
  made.json = association.dump(2) + '\n';
  return made;
}

}  // namespace spec2::pipeline
