#include "pipeline/html/product_facts.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "datamodels/schema/keyword_table.hpp"
#include "pipeline/html/markup.hpp"

namespace spec2::pipeline::html {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 16> kFacts = {
    {{"TARGNAME", "target"}, {"PROGRAM", "program"}, {"INSTRUME", "instrument"}, {"DETECTOR", "detector"}, {"EXP_TYPE", "type"},
     {"FILTER", "filter"}, {"GRATING", "grating"}, {"FXD_SLIT", "slit"}, {"SUBARRAY", "subarray"}, {"DATE-OBS", "date"},
     {"TIME-OBS", "time"}, {"EFFEXPTM", "exposure time"}, {"NINTS", "integrations"}, {"CAL_VER", "calibrated as by"},
     {"CRDS_CTX", "context"}, {"DATE", "written"}}};

std::string text_of(const MetaValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:g}", *real);
  return std::get<bool>(value) ? "true" : "false";
}

/// Name of the step whose status a keyword holds; empty for other keywords.
std::string_view step_of_keyword(std::string_view keyword) {
  constexpr std::string_view kBranch = "meta.cal_step.";
  if (!keyword.starts_with("S_")) return {};
  const KeywordInfo* const info = find_keyword(keyword);
  return info && info->path.starts_with(kBranch) ? info->path.substr(kBranch.size()) : std::string_view{};
}

std::string pairs(const std::vector<std::pair<std::string, std::string>>& rows, std::string_view title) {
  if (rows.empty()) return {};
  std::string out = fmt::format("<details><summary>{} ({})</summary><dl>", title, rows.size());
  for (const auto& [name, value] : rows) out += fmt::format("<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value));
  return out + "</dl></details>\n";
}

}  // namespace

std::string header_facts(const Metadata& header) {
  std::string out = "<dl>";
  for (const auto& [keyword, name] : kFacts) {
    const MetaValue* const value = header.find(keyword);
    if (value) out += fmt::format("<dt>{}</dt><dd>{}</dd>", name, escaped(text_of(*value)));
  }
  return out + "</dl>\n";
}

std::string header_steps(const Metadata& header) {
  std::string done, others;
  for (const Metadata::Entry& entry : header.entries()) {
    const std::string_view step = step_of_keyword(entry.keyword);
    if (step.empty()) continue;
    const std::string status = text_of(entry.value);
    if (status == "COMPLETE") {
      done += fmt::format("{}{}", done.empty() ? "" : ", ", step);
    } else {
      others += fmt::format("{}{} {}", others.empty() ? "" : ", ", step, escaped(status));
    }
  }
  if (done.empty() && others.empty()) return {};
  const std::string summary = "<details><summary>Steps by the header</summary>";
  return summary + fmt::format("<p class=\"note\">COMPLETE: {}</p><p class=\"note\">{}</p></details>\n", done, others);
}

std::string recorded_facts(const FoundProduct& product) {
  return pairs(product.inputs, "Inputs") + pairs(product.references, "References") +
         pairs(product.parameters, "Parameters that are not the default");
}

}  // namespace spec2::pipeline::html
