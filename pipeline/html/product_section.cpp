#include "pipeline/html/product_section.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/memory/byte_text.hpp"
#include "pipeline/html/charts.hpp"
#include "pipeline/html/dq_summary.hpp"
#include "pipeline/html/markup.hpp"
#include "pipeline/html/preview.hpp"
#include "pipeline/html/product_facts.hpp"
#include "pipeline/html/spectra.hpp"

namespace spec2::pipeline::html {
namespace {

/// Slits of a product shown; the page of an exposure with a hundred slits would not open.
constexpr std::size_t kMostSlits = 24;

std::string mebibytes(std::size_t bytes) {
  if (bytes == std::numeric_limits<std::size_t>::max()) return "–";
  return fmt::format("{:.1f}", static_cast<double>(bytes) / 1048576.0);
}

std::string picture_markup(const Preview& preview, const std::string& kind) {
  const std::string shape = fmt::format("{}", fmt::join(preview.shape, " × "));
  std::string out =
      fmt::format("<figure class=\"picture\"><figcaption>{} <span>{}, {}", escaped(preview.label), escaped(kind), shape);
  if (preview.png.empty()) return out + ", no values</span></figcaption></figure>\n";
  out += fmt::format("; colours from {:.4g} to {:.4g} {}</span></figcaption>", preview.low, preview.high, escaped(preview.unit));
  return out + fmt::format("<img alt=\"{}\" width=\"{}\" height=\"{}\" src=\"data:image/png;base64,{}\"></figure>\n",
                           escaped(preview.label), preview.width, preview.height, preview.png);
}

std::string more_note(std::size_t all, std::string_view what) {
  if (all <= kMostSlits) return {};
  return fmt::format("<p class=\"note\">The first {} of {}.</p>\n", kMostSlits, counted(all, what));
}

std::string spectra(io::FitsFile& file) {
  std::string out = "<h3>Spectra</h3>\n";
  for (const Chart& chart : spectrum_charts(file, kMostSlits)) out += chart_markup(chart);
  return out + more_note(file.count("EXTRACT1D"), "table");
}

std::string pictures(io::FitsFile& file, const std::string& kind) {
  std::string out = kind == "s3d" ? "<h3>Cubes, mean over wavelength</h3>\n" : "<h3>Rectified spectra</h3>\n";
  for (const Preview& preview : previews(file, kMostSlits)) out += picture_markup(preview, kind);
  return out + more_note(file.count("SCI"), "slit");
}

std::string flags(io::FitsFile& file) { return "<h3>Data quality</h3>\n" + dq_table(dq_counts(file)); }

std::string file_table(const std::vector<FoundFile>& files) {
  std::string out = "<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th>file</th><th>size</th></tr></thead><tbody>\n";
  for (const FoundFile& file : files) {
    out += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(file.path.filename().string()), byte_text(file.bytes));
  }
  return out + "</tbody></table></div>\n";
}

/// The product whose header knows of most steps.
const FoundFile& last_made(const std::vector<FoundFile>& files) {
  for (const std::string_view kind : {"x1d", "x1dints", "s2d", "s3d", "cal", "calints"}) {
    for (const FoundFile& file : files) {
      if (file.kind == kind) return file;
    }
  }
  return files.front();
}

/// The part made from a file, or what was wrong with it.
std::string part_of(const FoundFile& found, std::vector<std::string>& problems,
                    const std::function<std::string(io::FitsFile&)>& make) {
  try {
    io::FitsFile file = io::FitsFile::open(found.path);
    return make(file);
  } catch (const std::exception& error) {
    problems.push_back(error.what());
    return fmt::format("<p class=\"failed\">{}</p>\n", escaped(error.what()));
  }
}

}  // namespace

std::string status_class(const std::string& status) {
  return status == "done" || status == "failed" || status == "skipped" ? status : "";
}

std::string step_table(const std::vector<StepUsage>& steps) {
  std::string out =
      "<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th>step</th><th>s</th><th>live MiB before</th><th>peak</th>"
      "<th>after</th><th>resident MiB before</th><th>peak</th><th>after</th><th>estimate</th><th>budget</th>"
      "<th class=\"text\">outcome</th></tr></thead><tbody>\n";
  for (const StepUsage& step : steps) {
    out += fmt::format("<tr><td>{}</td><td>{:.3f}</td>", escaped(step.step), step.seconds);
    for (const std::size_t bytes : {step.live_before, step.live_peak, step.live_after, step.resident_before, step.resident_peak,
                                    step.resident_after, step.estimate, step.budget}) {
      out += fmt::format("<td>{}</td>", mebibytes(bytes));
    }
    out += fmt::format("<td class=\"text\">{}</td></tr>\n", escaped(step.outcome));
  }
  return out + "</tbody></table></div>\n";
}

std::string product_section(const FoundProduct& product, bool open, std::vector<std::string>& problems) {
  const std::string known = status_class(product.status);
  std::string out = fmt::format("<details class=\"product\"{}><summary>{} <span class=\"{}\">{}</span></summary>\n",
                                open ? " open" : "", escaped(product.name), known, escaped(product.status));
  if (!product.reason.empty()) out += fmt::format("<p class=\"{}\">{}</p>\n", known, escaped(product.reason));
  if (!product.files.empty()) {
    out += part_of(last_made(product.files), problems, [](io::FitsFile& file) {
      const Metadata header = file.header("PRIMARY");
      return header_facts(header) + header_steps(header);
    });
  }
  out += recorded_facts(product);
  const auto add = [&](std::initializer_list<std::string_view> kinds, const auto& make) {
    for (const FoundFile& file : product.files) {
      if (std::find(kinds.begin(), kinds.end(), file.kind) == kinds.end()) continue;
      out += part_of(file, problems, [&](io::FitsFile& opened) { return make(opened, file.kind); });
    }
  };
  add({"x1d", "x1dints"}, [](io::FitsFile& file, const std::string&) { return spectra(file); });
  add({"s2d", "s3d"}, [](io::FitsFile& file, const std::string& kind) { return pictures(file, kind); });
  add({"cal", "calints"}, [](io::FitsFile& file, const std::string&) { return flags(file); });
  if (!product.steps.empty()) out += "<h3>Steps</h3>\n" + step_table(product.steps);
  if (!product.files.empty()) out += "<h3>Files</h3>\n" + file_table(product.files);
  return out + "</details>\n";
}

}  // namespace spec2::pipeline::html
