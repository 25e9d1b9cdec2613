#include "pipeline/html/log_text.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/datamodels/io/scratch_folder.hpp"

namespace spec2::pipeline::html {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string markup_of(const std::string& text) {
  const test::ScratchFolder scratch;
  std::ofstream(scratch / "run.log", std::ios::binary) << text;
  return log_markup(scratch / "run.log");
}

TEST(LogMarkup, LinesHaveTheirLevels) {
  const std::string markup = markup_of(
      "2026-11-24T03:22:15.470 info [a/flat_field] begun\n2026-11-24T03:22:15.471 warning no <data>\nsecond line\n"
      "2026-11-24T03:22:15.472 error bad\n2026-11-24T03:22:15.473 info end");
  EXPECT_THAT(markup, HasSubstr("<div class=\"info\"><time>2026-11-24T03:22:15.470</time><b>info</b>[a/flat_field] begun</div>"));
  EXPECT_THAT(markup, HasSubstr("<b>warning</b>no &lt;data&gt;</div>"));
  EXPECT_THAT(markup, HasSubstr("<div class=\"warning\"><time></time><b></b>second line</div>"));
  EXPECT_THAT(markup, HasSubstr("data-log-level=\"info\"> info (2)"));
  EXPECT_THAT(markup, Not(HasSubstr("data-log-level=\"debug\"")));
  EXPECT_THAT(markup, Not(HasSubstr("only the last")));
}

TEST(LogMarkup, OfALongFileTheEndIsShown) {
  std::string text;
  while (text.size() < kMostLogBytes + 1000) text += "2026-11-24T03:22:15.470 info same again and again\n";
  text += "2026-11-24T03:22:15.470 critical last\n";
  const std::string markup = markup_of("2026-11-24T03:22:15.470 error first\n" + text);
  EXPECT_THAT(markup, HasSubstr("<b>critical</b>last"));
  EXPECT_THAT(markup, Not(HasSubstr("first")));
  EXPECT_THAT(markup, HasSubstr("only the last 256 KiB"));
}

TEST(LogMarkup, AnyBytesAreTaken) {
  EXPECT_THAT(markup_of(""), HasSubstr("class=\"log\""));
  EXPECT_THAT(markup_of("\xFF\xFE<script>"), Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace spec2::pipeline::html
