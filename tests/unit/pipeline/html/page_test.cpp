#include "pipeline/html/page.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "core/error.hpp"
#include "tests/unit/datamodels/io/scratch_folder.hpp"
#include "tests/unit/pipeline/html/small_products.hpp"

namespace spec2::pipeline::html {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using test::ScratchFolder;

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// From the body on, without the embedded scripts.
std::string body_of(const std::string& page) {
  const std::size_t first = page.find("<body>");
  return page.substr(first, page.find("<script>", first) - first);
}

void write_products(const ScratchFolder& scratch, const std::string& name, const std::string& text) {
  const std::vector<std::size_t> shape = {2, 3};
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const std::vector<std::uint32_t> dq = {0, 1, 0, 0, 0, 0};
  test::write_image_product(scratch / (name + "_cal.fits"), text, shape, values, dq, text);
  test::write_image_product(scratch / (name + "_s2d.fits"), text, shape, values, {}, text);
  const test::SpectrumRow rows[] = {{1.0, 10.0, 0.1}, {2.0, 11.0, 0.1}};
  test::write_spectrum(scratch / (name + "_x1d.fits"), text, rows);
}

TEST(ReportPage, ShowsProductsThatHaveNoRecord) {
  const ScratchFolder scratch;
  write_products(scratch, "jw1", "S200A1");
  write_products(scratch, "jw2", "S200A1");
  const std::string body = body_of(report_page({scratch.path()}));
  EXPECT_THAT(body, HasSubstr("data-product=\"jw1\""));
  EXPECT_THAT(body, HasSubstr("data-product=\"jw2\""));
  EXPECT_EQ(times(body, "<figure class=\"chart\">"), 2U);
  EXPECT_EQ(times(body, "<img "), 2U);
  EXPECT_EQ(times(body, "data-flag=\"DO_NOT_USE\""), 2U);
  EXPECT_THAT(body, HasSubstr("no record of a run"));
}

TEST(ReportPage, TheRecordGivesStatusReasonAndSteps) {
  const ScratchFolder scratch;
  write_products(scratch, "jw1", "S200A1");
  std::ofstream(scratch / "spec2_run.json") << R"({"format":1,"program":"spec2","version":"9.8.7",
    "started":"2026-01-01T00:00:00Z",
    "ended":"2026-01-01T00:01:00Z","command":["spec2","run","a b"],"products":[
    {"name":"jw1","status":"done","error":null,"seconds":0.25,"inputs":[{"path":"a_rate.fits","role":"science"}],
     "references":{"photom":"photom_1.fits"},"parameters":{"resample_spec.pixfrac":"0.8"},
     "steps":[{"name":"flat_field","outcome":"done",
      "seconds":0.125,
      "live_before":1048576,"live_peak":3145728,"live_after":2097152,"resident_before":1,"resident_peak":2,"resident_after":3,
      "estimate":3145728,"budget":null}]},
    {"name":"jw0","status":"failed","error":"no such file","seconds":0.1,"steps":[]}]})";
  const std::string body = body_of(report_page({scratch.path()}));
  EXPECT_THAT(body, HasSubstr("run of spec2 9.8.7"));
  EXPECT_THAT(body, HasSubstr("<span class=\"failed\">failed</span>"));
  EXPECT_THAT(body, HasSubstr("no such file"));
  EXPECT_THAT(body, HasSubstr("<dt>science</dt><dd>a_rate.fits</dd>"));
  EXPECT_THAT(body, HasSubstr("<dt>photom</dt><dd>photom_1.fits</dd>"));
  EXPECT_THAT(body, HasSubstr("<dt>resample_spec.pixfrac</dt><dd>0.8</dd>"));
  EXPECT_THAT(body, HasSubstr("Memory over the steps"));
  EXPECT_THAT(body, HasSubstr("<td>flat_field</td><td>0.125</td><td>1.0</td><td>3.0</td><td>2.0</td>"));
  EXPECT_THAT(body, Not(HasSubstr("no record of a run")));
}

TEST(ReportPage, NoTextOfAFileBecomesMarkup) {
  const ScratchFolder scratch;
  const std::string hostile = "\"'></script><script>alert(1)</script><img src=x onerror=alert(1)>";
  write_products(scratch, "jw1", hostile);
  std::ofstream(scratch / "run.log") << "2026-11-24T03:22:15.470 info " << hostile << "\n" << hostile << "\n";
  std::ofstream(scratch / "spec2_run.json") << R"({"version":"</script><script>alert(1)</script>",
    "command":["<script>alert(1)</script>"], "products":[{"name":"<img src=x onerror=alert(1)>",
    "status":"\"><script>alert(1)</script>","error":"<script>alert(1)</script>",
    "steps":[{"name":"<script>alert(1)</script>","outcome":"<script>alert(1)</script>"}]}]})";
  const std::string body = body_of(report_page({scratch.path()}));
  EXPECT_EQ(times(body, "<script"), 2U);  // the data of the two charts
  EXPECT_EQ(times(body, "</script"), 2U);
  EXPECT_EQ(times(body, "<img "), 1U);
  EXPECT_THAT(body, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(body, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST(ReportPage, TellsWhatCannotBeRead) {
  const ScratchFolder scratch;
  write_products(scratch, "jw1", "S200A1");
  std::ofstream(scratch / "jw2_cal.fits") << "no FITS";
  std::ofstream(scratch / "spec2_run.json") << "{\"products\": [";
  const std::string body = body_of(report_page({scratch.path()}));
  EXPECT_THAT(body, HasSubstr("Not readable"));
  EXPECT_THAT(body, HasSubstr("spec2_run.json: "));
  EXPECT_THAT(body, HasSubstr("jw2_cal.fits"));
  EXPECT_THAT(body, HasSubstr("data-product=\"jw1\""));
}

TEST(ReportPage, LogsThatLieElsewhereAreShownOnce) {
  const ScratchFolder scratch;
  std::filesystem::create_directory(scratch / "out");
  for (const std::string name : {"out/a.log", "b.log"}) std::ofstream(scratch / name) << "2026-11-24T03:22:15.470 info " << name;
  const std::string body = body_of(report_page({scratch / "out", {scratch / "b.log", scratch / "out/a.log"}}));
  EXPECT_EQ(times(body, "</b>out/a.log"), 1U);
  EXPECT_EQ(times(body, "</b>b.log"), 1U);
  EXPECT_THROW(report_page({scratch / "out", {scratch / "none.log"}}), Error);
}

TEST(ReportPage, AFolderWithoutARunIsAMistake) {
  const ScratchFolder scratch;
  EXPECT_THROW(report_page({scratch.path()}), Error);
  EXPECT_THROW(report_page({scratch / "none"}), Error);
}

}  // namespace
}  // namespace spec2::pipeline::html
