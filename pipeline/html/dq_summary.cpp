#include "pipeline/html/dq_summary.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include <fmt/format.h>

#include "datamodels/references/dq_definitions.hpp"
#include "pipeline/html/markup.hpp"
#include "pipeline/html/preview.hpp"

namespace spec2::pipeline::html {
namespace {

constexpr std::size_t kValuesAtOnce = 65536;
constexpr std::size_t kMostColumns = 8;

DqCounts count_plane(io::FitsFile& file, int version) {
  DqCounts counts{.label = extension_label(file, file.has("SCI", version) ? "SCI" : "DQ", version)};
  std::uint64_t size = 1;
  for (const std::size_t axis : file.info("DQ", version).shape) size *= axis;
  counts.pixels = file.info("DQ", version).shape.empty() ? 0 : size;
  std::vector<std::uint32_t> values(std::min<std::uint64_t>(counts.pixels, kValuesAtOnce));
  for (std::uint64_t first = 0; first < counts.pixels; first += values.size()) {
    const std::span<std::uint32_t> part(values.data(), std::min<std::uint64_t>(values.size(), counts.pixels - first));
    file.read("DQ", version, first, part);
    for (std::uint32_t flags : part) {
      counts.good += flags == 0 ? 1 : 0;
      for (; flags != 0; flags &= flags - 1) ++counts.flagged[static_cast<std::size_t>(std::countr_zero(flags))];
    }
  }
  return counts;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double value = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return part > 0 && value < 0.01 ? "&lt;0.01" : fmt::format("{:.2f}", value);
}

DqCounts sum(const std::vector<DqCounts>& counts) {
  DqCounts all;
  for (const DqCounts& plane : counts) {
    all.pixels += plane.pixels;
    all.good += plane.good;
    for (std::size_t bit = 0; bit < all.flagged.size(); ++bit) all.flagged[bit] += plane.flagged[bit];
  }
  return all;
}

}  // namespace

std::vector<DqCounts> dq_counts(io::FitsFile& file) {
  std::vector<DqCounts> counts;
  for (const io::HduInfo& info : file.hdus()) {
    if (info.name == "DQ" && info.type == io::HduType::image) counts.push_back(count_plane(file, info.version));
  }
  return counts;
}

std::string dq_table(const std::vector<DqCounts>& counts) {
  const DqCounts all = sum(counts);
  const bool with_planes = counts.size() > 1 && counts.size() <= kMostColumns;
  std::string text =
      "<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th>flag</th><th>bit</th><th>pixels</th><th>%</th>";
  if (with_planes) {
    for (const DqCounts& plane : counts) text += fmt::format("<th>{} %</th>", escaped(plane.label));
  }
  text += "</tr></thead><tbody>\n";
  const auto row = [&](std::string_view name, const std::string& bit, auto count_of) {
    text += fmt::format("<tr data-flag=\"{0}\"><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td>", escaped(name), bit,
                        count_of(all), percent(count_of(all), all.pixels));
    if (with_planes) {
      for (const DqCounts& plane : counts) text += fmt::format("<td>{}</td>", percent(count_of(plane), plane.pixels));
    }
    text += "</tr>\n";
  };
  row("GOOD", "", [](const DqCounts& plane) { return plane.good; });
  for (std::size_t bit = 0; bit < 32; ++bit) {
    if (all.flagged[bit] == 0) continue;
    row(dq_mnemonic(1U << bit), std::to_string(bit), [bit](const DqCounts& plane) { return plane.flagged[bit]; });
  }
  text += "</tbody></table></div>";
  return text + fmt::format("<p class=\"note\">{} pixels in {}.</p>\n", all.pixels, counted(counts.size(), "plane"));
}

}  // namespace spec2::pipeline::html
