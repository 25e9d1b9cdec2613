#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <regex>
#include <sstream>

#include "datamodels/io/fits_file.hpp"
#include "pipeline/memory_report/memory_report.hpp"
#include "tests/integration/sample_case.hpp"

namespace spec2::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

/// Chromium in the PATH, or nothing.
std::string browser() {
  std::istringstream folders(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    for (const char* const name : {"chromium-headless-shell", "chromium"}) {
      const std::string path = folder + "/" + name;
      if (::access(path.c_str(), X_OK) == 0) return path;
    }
  }
  return {};
}

ProgramResult report(const fs::path& folder, const fs::path& page) {
  return run_program({SPEC2_PROGRAM, "report", folder.string(), "-o", page.string()});
}

/// The page as the browser has it once its scripts ran; messages of the console in the errors.
ProgramResult opened(const fs::path& page) {
  return run_program({browser(), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                      "--user-data-dir=" + (page.parent_path() / "profile").string(), "--dump-dom", "file://" + page.string()});
}

std::vector<std::size_t> points_of(const std::string& dom) {
  std::vector<std::size_t> points;
  const std::regex pattern("<figure class=\"chart\" data-points=\"([0-9]+)\"");
  for (std::sregex_iterator match(dom.begin(), dom.end(), pattern), end; match != end; ++match) {
    points.push_back(std::stoul((*match)[1]));
  }
  return points;
}

/// Rows of the tables of spectra that have a wavelength.
std::vector<std::size_t> rows_of(const fs::path& product) {
  io::FitsFile file = io::FitsFile::open(product);
  std::vector<std::size_t> rows;
  for (std::size_t i = 1; i <= file.count("EXTRACT1D"); ++i) {
    std::size_t count = 0;
    for (const double value : file.column_real("EXTRACT1D", static_cast<int>(i), "WAVELENGTH")) count += value == value ? 1 : 0;
    rows.push_back(count);
  }
  return rows;
}

std::vector<std::string> console_lines(const std::string& errors) {
  std::vector<std::string> found;
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("CONSOLE") != std::string::npos) found.push_back(line);
  }
  return found;
}

TEST(Report, OneFileThatNeedsNoOther) {
  const SampleCase sample;
  ASSERT_EQ(sample.run({"--log-file", (sample.folder() / "run.log").string()}).exit_code, 0);
  fs::rename(sample.folder() / "run.log", sample.output() / "run.log");
  const ProgramResult result = run_program({SPEC2_PROGRAM, "report", sample.output().string()});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("report.html"));
  const std::string page = read_text(sample.output() / "report.html");
  EXPECT_LT(page.size(), 3U << 20);
  EXPECT_THAT(page, HasSubstr(SampleCase::kProduct));
  EXPECT_THAT(page, Not(HasSubstr("src=\"http")));
  EXPECT_THAT(page, Not(HasSubstr("href=\"http")));
}

TEST(Report, OfNoFolderIsAMistakeOfTheUser) {
  const SampleCase sample;
  const ProgramResult result = report(sample.folder() / "none", sample.folder() / "page.html");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("none"));
  EXPECT_FALSE(fs::exists(sample.folder() / "page.html"));
}

TEST(Report, TheBrowserDrawsEveryPoint) {
  if (browser().empty()) GTEST_SKIP() << "no chromium-headless-shell and no chromium in the PATH";
  const SampleCase sample;
  ASSERT_EQ(sample.run().exit_code, 0);
  const fs::path page = sample.folder() / "page.html";
  ASSERT_EQ(report(sample.output(), page).exit_code, 0);
  const ProgramResult result = opened(page);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(console_lines(result.errors), IsEmpty());
  EXPECT_THAT(result.output, HasSubstr("data-failed=\"0\""));
  const std::vector<std::size_t> rows = rows_of(sample.output() / (std::string(SampleCase::kProduct) + "_x1d.fits"));
  // The curve of the memory has three points a step: before, peak, after.
  constexpr std::size_t kSteps = 18;
  std::vector<std::size_t> expected{3 * kSteps};
  expected.insert(expected.end(), rows.begin(), rows.end());
  EXPECT_THAT(points_of(result.output), UnorderedElementsAreArray(expected));
}

TEST(Report, TheBrowserDrawsTheCurveOfAMemoryReport) {
  if (browser().empty()) GTEST_SKIP() << "no chromium-headless-shell and no chromium in the PATH";
  const SampleCase sample;
  ASSERT_EQ(sample.run({"--memory-report", (sample.folder() / "r.h5").string(), "--memory", "64M"}).exit_code, 0);
  const std::size_t samples = pipeline::MemoryReport(sample.folder() / "r.h5").samples().size();
  // Named by the option, and found in the folder.
  for (const bool is_inside : {false, true}) {
    const fs::path page = sample.folder() / "page.html";
    std::vector<std::string> words = {SPEC2_PROGRAM, "report", sample.output().string(), "-o", page.string()};
    if (is_inside) fs::rename(sample.folder() / "r.h5", sample.output() / "r.h5");
    else words.insert(words.end(), {"--memory", (sample.folder() / "r.h5").string()});
    ASSERT_EQ(run_program(words).exit_code, 0);
    EXPECT_THAT(read_text(page), HasSubstr("\"label\":\"extract_2d\",\"from\":"));
    EXPECT_THAT(read_text(page), HasSubstr("\"levels\":[{\"label\":\"budget\",\"value\":67108864"));
    const ProgramResult result = opened(page);
    EXPECT_THAT(console_lines(result.errors), IsEmpty());
    EXPECT_THAT(result.output, HasSubstr("data-failed=\"0\""));
    ASSERT_FALSE(points_of(result.output).empty());
    EXPECT_EQ(points_of(result.output).front(), samples);
  }
}

TEST(Report, AMemoryReportThatCannotBeReadIsTold) {
  const SampleCase sample;
  ASSERT_EQ(sample.run().exit_code, 0);
  write_text(sample.folder() / "r.h5", "no HDF5");
  const fs::path page = sample.folder() / "page.html";
  const ProgramResult result = run_program({SPEC2_PROGRAM, "report", sample.output().string(), "-o", page.string(), "--memory",
                                            (sample.folder() / "r.h5").string()});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(read_text(page), HasSubstr("cannot be opened as HDF5"));
  EXPECT_THAT(read_text(page), HasSubstr("Memory over the steps"));
  const ProgramResult none = run_program({SPEC2_PROGRAM, "report", sample.output().string(), "-o", page.string(), "--memory",
                                          (sample.folder() / "none.h5").string()});
  EXPECT_EQ(none.exit_code, 2);
}

/// Without it the tests above would pass with a browser that keeps errors to itself.
TEST(Report, ErrorsOfScriptsWouldBeSeen) {
  if (browser().empty()) GTEST_SKIP() << "no chromium-headless-shell and no chromium in the PATH";
  const SampleCase sample;
  const fs::path page = sample.folder() / "page.html";
  write_text(page, "<script>throw new Error('seen');</script>");
  EXPECT_EQ(console_lines(opened(page).errors).size(), 1U);
}

TEST(Report, HostileHeadersRunNothing) {
  if (browser().empty()) GTEST_SKIP() << "no chromium-headless-shell and no chromium in the PATH";
  const SampleCase sample;
  sample.set_keyword("PRIMARY", "TARGNAME", "</script><script>document.title='TAKEN'</script>");
  sample.set_keyword("PRIMARY", "PROGRAM", "<img src=x onerror=\"document.title='TAKEN'\">");
  ASSERT_EQ(sample.run().exit_code, 0);
  write_text(sample.output() / "run.log", "2026-11-24T03:22:15.470 info </div><svg onload=\"document.title='TAKEN'\">\n");
  const fs::path page = sample.folder() / "page.html";
  ASSERT_EQ(report(sample.output(), page).exit_code, 0);
  const ProgramResult result = opened(page);
  EXPECT_THAT(result.output, HasSubstr("<title>spec2: products</title>"));
  EXPECT_THAT(result.output, HasSubstr("TAKEN"));
  EXPECT_THAT(console_lines(result.errors), IsEmpty());
}

}  // namespace
}  // namespace spec2::test
