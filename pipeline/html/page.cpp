#include "pipeline/html/page.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/error.hpp"
#include "core/memory/byte_text.hpp"
#include "pipeline/html/embedded.hpp"
#include "pipeline/html/log_text.hpp"
#include "pipeline/html/markup.hpp"
#include "pipeline/html/memory_section.hpp"
#include "pipeline/html/output_folder.hpp"
#include "pipeline/html/product_section.hpp"
#include "pipeline/version.hpp"

namespace spec2::pipeline::html {
namespace {

namespace fs = std::filesystem;

std::string folder_name(const fs::path& path) {
  std::error_code code;
  const fs::path whole = fs::canonical(path, code);
  return code ? path.string() : whole.filename().string();
}

/// Only the two scripts of ours may run, whatever texts of files stand on the page; nothing is loaded from anywhere.
std::string head(const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
      "script-src '{}' '{}'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>{}\n{}</style>\n</head>\n",
      script_hash(kChartLibrary), script_hash(kViewer), escaped(title), kChartStyle, kPageStyle);
}

std::size_t count_status(const OutputFolder& folder, std::string_view status) {
  std::size_t count = 0;
  for (const FoundProduct& product : folder.products) count += product.status == status ? 1 : 0;
  return count;
}

std::string tile(const std::string& value, std::string_view what) {
  return fmt::format("<div><b>{}</b><span>{}</span></div>\n", escaped(value), what);
}

std::string tiles(const OutputFolder& folder) {
  std::string out = "<section class=\"tiles\">\n" + tile(std::to_string(folder.products.size()), "products");
  for (const char* const status : {"done", "skipped", "failed"}) {
    if (const std::size_t count = count_status(folder, status); count > 0) out += tile(std::to_string(count), status);
  }
  double seconds = 0.0;
  std::size_t live = 0, resident = 0;
  std::uint64_t bytes = 0;
  for (const FoundProduct& product : folder.products) {
    seconds += product.seconds.value_or(0.0);
    for (const StepUsage& step : product.steps) {
      live = std::max(live, step.live_peak);
      resident = std::max(resident, step.resident_peak);
    }
    for (const FoundFile& file : product.files) bytes += file.bytes;
  }
  if (seconds > 0.0) out += tile(fmt::format("{:.2f} s", seconds), "in products");
  if (live > 0) out += tile(byte_text(live), "peak of live bytes");
  if (resident > 0) out += tile(byte_text(resident), "peak of resident memory");
  return out + tile(byte_text(bytes), "of files") + "</section>\n";
}

std::string page_header(const OutputFolder& folder) {
  const std::string name = folder_name(folder.path);
  std::string out = fmt::format("<body>\n<header><h1>{}</h1>\n", escaped(name));
  out += fmt::format("<p class=\"note\">Page made {:%Y-%m-%d %H:%M:%S} UTC by spec2 {}", fmt::gmtime(std::time(nullptr)),
                     kVersion);
  if (folder.record) {
    out += fmt::format("; run of spec2 {} from {} to {}", escaped(folder.record->version), escaped(folder.record->started),
                       escaped(folder.record->ended));
  }
  out += "</p>\n";
  if (folder.record && !folder.record->command.empty()) {
    out += fmt::format("<p class=\"note\"><code>{}</code></p>\n", escaped(folder.record->command));
  }
  return out + tiles(folder);
}

std::string product_table(const OutputFolder& folder) {
  std::string out =
      "<h2 id=\"products\">Products</h2>\n<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th>product</th>"
      "<th class=\"text\">status</th><th>s</th><th>size</th><th class=\"text\">files</th><th class=\"text\">reason</th></tr>"
      "</thead><tbody>\n";
  for (const FoundProduct& product : folder.products) {
    std::uint64_t bytes = 0;
    std::string kinds;
    for (const FoundFile& file : product.files) {
      bytes += file.bytes;
      kinds += (kinds.empty() ? "" : " ") + file.kind;
    }
    out += fmt::format(
        "<tr data-product=\"{0}\"><td>{0}</td><td class=\"text\"><span class=\"{1}\">{2}</span></td><td>{3}</td><td>{4}</td>"
        "<td class=\"text\">{5}</td><td class=\"text\">{6}</td></tr>\n",
        escaped(product.name), status_class(product.status), escaped(product.status),
        product.seconds ? fmt::format("{:.3f}", *product.seconds) : "", product.files.empty() ? "" : byte_text(bytes),
        escaped(kinds), escaped(product.reason));
  }
  out += "</tbody></table></div>\n";
  if (!folder.record) out += "<p class=\"note\">The folder has no record of a run: products are those found in it.</p>\n";
  return out;
}

std::string product_details(const OutputFolder& folder, std::size_t size, std::vector<std::string>& problems) {
  std::string out;
  std::size_t shown = 0;
  for (const FoundProduct& product : folder.products) {
    if (size + out.size() > kLargestPage) break;
    out += product_section(product, shown == 0, problems);
    ++shown;
  }
  if (shown < folder.products.size()) {
    out += fmt::format("<p class=\"note\">Details of the first {} of {}, so that the page opens.</p>\n", shown,
                       counted(folder.products.size(), "product"));
  }
  return out;
}

std::string problem_list(const std::vector<std::string>& problems) {
  if (problems.empty()) return {};
  std::string out = "<h2 id=\"problems\">Not readable</h2>\n<ul>\n";
  for (const std::string& problem : problems) out += fmt::format("<li>{}</li>\n", escaped(problem));
  return out + "</ul>\n";
}

void check_is_file(const fs::path& path) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) throw Error(ErrorCause::user_input, "there is no such file", {.file = path.string()});
}

}  // namespace

std::string report_page(const ReportSources& sources) {
  OutputFolder folder = read_output_folder(sources.output_dir);
  if (!sources.memory_report.empty()) {
    check_is_file(sources.memory_report);
    folder.memory_report = sources.memory_report;
  }
  for (const fs::path& log : sources.logs) {
    check_is_file(log);
    std::error_code code;
    const bool known = std::any_of(folder.logs.begin(), folder.logs.end(), [&](const fs::path& other) {
      return fs::equivalent(log, other, code);
    });
    if (!known) folder.logs.push_back(log);
  }
  if (folder.products.empty() && folder.logs.empty() && !folder.record && folder.problems.empty()) {
    throw Error(ErrorCause::user_input, "the folder has no products and no record of a run", {.file = folder.path.string()},
                "Give the --output-dir of a run");
  }
  std::vector<std::string> problems = folder.problems;
  std::string logs;
  for (const fs::path& log : folder.logs) logs += log_markup(log);
  const std::string memory = memory_section(folder, problems);
  std::string page = head("spec2: " + folder_name(folder.path)) + page_header(folder);
  page += "<nav><a href=\"#products\">Products</a>";
  page += memory.empty() ? "" : "<a href=\"#memory\">Memory</a>";
  page += logs.empty() ? "" : "<a href=\"#log\">Log</a>";
  page += "</nav></header>\n<main>\n" + product_table(folder) + memory;
  page += product_details(folder, page.size() + logs.size(), problems);
  page += problem_list(problems);
  if (!logs.empty()) page += "<h2 id=\"log\">Log</h2>\n" + logs;
  page += "</main>\n<!-- Charts by uPlot.\n";
  page += kChartLicence;
  page += "-->\n<script>";
  page += kChartLibrary;
  page += "</script>\n<script>";
  page += kViewer;
  return page + "</script>\n</body>\n</html>\n";
}

}  // namespace spec2::pipeline::html
