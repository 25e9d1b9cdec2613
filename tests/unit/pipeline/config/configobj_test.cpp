#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/config/configobj.hpp"

namespace spec2::pipeline {
namespace {

/// Members of a value joined by '|', in brackets for a list; "?" for what is no value.
std::string read(std::string_view text) {
  const auto value = parse_config_value(text);
  if (!value) return "?";
  if (value->kind == ConfigValue::Kind::text) return value->text;
  std::string joined = "[";
  for (const ConfigValue& item : value->items) joined += (joined.size() > 1 ? "|" : "") + item.text;
  return joined + "]";
}

ConfigValue parse(std::string_view text) { return parse_configobj(text, "x.cfg"); }

/// Line and message of the error that reading gives.
std::string refusal(std::string_view text) {
  try {
    ConfigValue tree = parse(text);
    interpolate(tree);
  } catch (const Error& error) {
    return std::to_string(error.place().line) + ": " + error.problem();
  }
  return "accepted";
}

TEST(ConfigValueText, IsReadAsConfigObjDoes) {
  EXPECT_EQ(read("abc"), "abc");
  EXPECT_EQ(read("  a b  # note"), "a b");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("# only a note"), "");
  EXPECT_EQ(read("it's"), "it's");
  EXPECT_EQ(read("'a, b' # c"), "a, b");
  EXPECT_EQ(read("\"a#b\""), "a#b");
  EXPECT_EQ(read("'it's'"), "it's");
  EXPECT_EQ(read("a, b"), "[a|b]");
  EXPECT_EQ(read("a,"), "[a]");
  EXPECT_EQ(read("a, # note"), "[a]");
  EXPECT_EQ(read(","), "[]");
  EXPECT_EQ(read("'a,b', \"c\", d e"), "[a,b|c|d e]");
  EXPECT_EQ(read("[1, 2]"), "[[1|2]]");
  EXPECT_EQ(read("\"\""), "");
  for (const char* text : {"\"abc", "'a' b", "a,,b", ",a", "'a', 'b", "a, , b"}) EXPECT_EQ(read(text), "?") << text;
}

TEST(ConfigValueText, TakesLongInputsInTime) {
  EXPECT_EQ(read(std::string(60000, '\'') + "x"), "?");
  std::string quotes;
  for (int i = 0; i < 5000; ++i) quotes += "'a',";
  read(quotes + "'");
  read(std::string(60000, ','));
}

TEST(ConfigObj, ReadsKeysAndSections) {
  const ConfigValue tree = parse("\xEF\xBB\xBF" "a = 1 # x\r\n'b c' = 2\n[s]\n  [[t]]  # note\n k = '''two\nlines'''\n[u]\n");
  EXPECT_EQ(tree.find("a")->text, "1");
  EXPECT_EQ(tree.find("b c")->text, "2");
  EXPECT_EQ(tree.find("s")->find("t")->find("k")->text, "two\nlines");
  EXPECT_EQ(tree.find("s")->find("t")->find("k")->line, 5);
  EXPECT_EQ(tree.find("s")->find("t")->find("k")->file, "x.cfg");
  EXPECT_TRUE(tree.find("u")->is_section());
  EXPECT_EQ(parse("[ 'a]b' ]").entries[0].first, "a]b");
}

TEST(ConfigObj, NamesTheLineOfAnError) {
  EXPECT_EQ(refusal("a = 1\nb 2\n"), "2: 'b 2' is neither a section nor key = value");
  EXPECT_EQ(refusal("a = 1\na = 2\n"), "2: key 'a' appears twice");
  EXPECT_EQ(refusal("[a]\n[a]\n"), "2: section 'a' appears twice");
  EXPECT_EQ(refusal("a = 1\n[a]\n"), "2: section 'a' appears twice");
  EXPECT_EQ(refusal("[a]\n[[[b]]]\n"), "2: section 'b' is nested too deep for the section above it");
  EXPECT_EQ(refusal("[a]\n[[b]\n"), "2: 2 opening and 1 closing brackets");
  EXPECT_EQ(refusal("\na = \"x\n"), "2: the value '\"x' cannot be read");
  EXPECT_EQ(refusal("a = '''x\n\n"), "1: ''' is not closed");
  EXPECT_EQ(refusal("a = '''x\n''' y\n"), "2: text behind the closing quotes");
  EXPECT_EQ(refusal("\xFF\xFE" "a"), "1: the file is not UTF-8 text");
  EXPECT_NE(refusal(std::string(100000, 'a')), "accepted");
  EXPECT_NE(refusal("= 1"), "accepted");
}

TEST(ConfigObj, HasLimits) {
  std::string deep;
  for (std::size_t i = 1; i < 40; ++i) deep += std::string(i, '[') + "a" + std::string(i, ']') + "\n";
  EXPECT_EQ(refusal(deep), "17: sections are nested too deeply");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "k" + std::to_string(i) + " = 1\n";
  EXPECT_EQ(refusal(many), "4001: more than 4000 entries");
  EXPECT_NE(refusal("[" + std::string(60000, ']') + "x"), "accepted");
}

TEST(ConfigObj, Interpolates) {
  ConfigValue tree = parse("a = x\nb = %(a)sy, %(a)s\n[DEFAULT]\nd = z\n[s]\na = 100%\nc = %(a)s%(d)s%(b\n");
  interpolate(tree);
  EXPECT_EQ(tree.find("b")->items[0].text, "xy");
  EXPECT_EQ(tree.find("s")->find("c")->text, "100%z%(b");
  EXPECT_EQ(refusal("a = %(b)s"), "1: there is no key 'b' for %(b)s");
  EXPECT_NE(refusal("a = %(b)s\nb = %(a)s"), "accepted");
  std::string bomb = "k0 = xxxxxxxxxx\n";
  for (int i = 1; i < 19; ++i) {
    bomb += "k" + std::to_string(i) + " = ";
    for (int j = 0; j < 30; ++j) bomb += "%(k" + std::to_string(i - 1) + ")s";
    bomb += "\n";
  }
  EXPECT_NE(refusal(bomb), "accepted");
}

}  // namespace
}  // namespace spec2::pipeline
