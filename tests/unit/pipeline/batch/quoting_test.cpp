#include "pipeline/batch/quoting.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/batch/child_process.hpp"

namespace spec2::pipeline::batch {
namespace {

const std::vector<std::string> kHostile = {"a b",   "it's",      "say \"x\"",   "$HOME", "`id`", "$(id)",        "a;b",
                                           "a&b|c", "100%",      "back\\slash", "*",     "~",    "#x",           "-n",
                                           "",      "new\nline", "tab\there",   "{a,b}", "!!",   "\xc3\xa9toile"};

TEST(ShellWords, StandForThemselves) {
  for (const std::string& word : kHostile) {
    const auto result = run_child({"sh", "-c", "printf %s " + shell_word(word)}, std::chrono::seconds(10));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, word);
    EXPECT_EQ(result->errors, "");
  }
}

TEST(ShellWords, CommandsThatAreShownCanBeTyped) {
  std::vector<std::string> words = {"printf", "%s|"};
  words.insert(words.end(), kHostile.begin(), kHostile.end());
  std::string expected;
  for (const std::string& word : kHostile) expected += word + "|";
  EXPECT_EQ(run_child({"sh", "-c", shell_command(words)}, std::chrono::seconds(10))->output, expected);
  const std::vector<std::string> plain = {"sbatch", "--array=1-5%2", "/a/b.sh", "0"};
  EXPECT_EQ(shell_command(plain), "sbatch --array=1-5%2 /a/b.sh 0");
}

TEST(OneLine, ControlCharactersAreRefused) {
  EXPECT_NO_THROW(require_one_line("a b'\"$%\\", "a path"));
  for (const char* const text : {"a\nb", "a\rb", "a\tb", "\x01", "\x7f"}) EXPECT_THROW(require_one_line(text, "a path"), Error);
}

TEST(SlurmFileNames, PercentIsNoReplacement) {
  EXPECT_EQ(slurm_file_name("/a/100%/j%j"), "/a/100%%/j%%j");
  EXPECT_THROW(slurm_file_name("/a\\b"), Error);
}

TEST(CondorQuotes, ValuesAndArguments) {
  EXPECT_EQ(condor_value("/a b/$(x)$y", "a path"), "/a b/$(DOLLAR)(x)$(DOLLAR)y");
  for (const char* const text : {"", " a", "a ", "a\\", "a\nqueue 100", "a$$b"})
    EXPECT_THROW(condor_value(text, "a path"), Error);
  EXPECT_THROW(condor_arguments(std::vector<std::string>{"a$$(b)"}), Error);
  EXPECT_THROW(classad_string("$$"), Error);
  const std::vector<std::string> words = {"task", "/it's \"here\"/100%", "$x", "", "--n"};
  EXPECT_EQ(condor_arguments(words), "\"task '/it''s \"\"here\"\"/100%' $(DOLLAR)x '' --n\"");
  EXPECT_EQ(classad_string("a\\b\"c$d"), "\"a\\\\b\\\"c$(DOLLAR)d\"");
}

}  // namespace
}  // namespace spec2::pipeline::batch
