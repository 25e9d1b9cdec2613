#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/crds/mapping.hpp"
#include "pipeline/crds/python_literal.hpp"

namespace spec2::pipeline {
namespace {

Literal parse(std::string_view text) { return parse_literal(text, "x.rmap"); }

/// Message of the error that reading gives.
std::string refusal(std::string_view text) {
  try {
    parse_assignments(text, "x.rmap");
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::reference);
    return error.what();
  }
  return "accepted";
}

TEST(PythonLiteral, ReadsValues) {
  const Literal dict =
      parse("{'a': 1, \"b\" : ('x', -2.5e3,), 'c': [], 'd': (), 'e': ('alone'), 'f': None, # note\n 'g': True,}");
  EXPECT_EQ(dict.find("a")->kind, Literal::Kind::integer);
  EXPECT_EQ(to_text(*dict.find("b")), "(x, -2.5e3)");
  EXPECT_TRUE(dict.find("c")->items.empty());
  EXPECT_EQ(dict.find("d")->kind, Literal::Kind::tuple);
  EXPECT_EQ(dict.find("e")->text, "alone");
  EXPECT_EQ(dict.find("f")->kind, Literal::Kind::none);
  EXPECT_EQ(dict.find("g")->text, "True");
  EXPECT_EQ(dict.find("g")->line, 2);
  EXPECT_EQ(dict.find("h"), nullptr);
  EXPECT_EQ(parse("{'a': 1, 'a': 2}").find("a")->text, "2");
}

TEST(PythonLiteral, ReadsStrings) {
  EXPECT_EQ(parse("'a\\'b\\n\\x41\\u00e9\\q'").text, "a'b\nA\u00e9\\q");
  EXPECT_EQ(parse("'''one\ntwo''' 'three'").text, "one\ntwothree");
  EXPECT_EQ(parse("r'a\\n'").text, "a\\n");
  EXPECT_EQ(parse("''").text, "");
}

TEST(PythonLiteral, ReadsSelectors) {
  const auto sections =
      parse_assignments("header = {\n}\nselector = Match({\n ('A',) : UseAfter({'d' : 'f'}),\n})\ncomment = '''x'''", "x.rmap");
  ASSERT_EQ(sections.size(), 3u);
  EXPECT_EQ(sections[1].value.text, "Match");
  EXPECT_EQ(sections[1].value.items[0].items[1].text, "UseAfter");
  EXPECT_EQ(sections[1].value.items[0].items[1].line, 4);
}

TEST(PythonLiteral, NamesThePlaceOfAnError) {
  EXPECT_EQ(refusal("header = {\n  'a' 1\n}"),
            "expected ':' between key and value (file x.rmap, line 2 column 7). "
            "The file is damaged or of an unknown form: fetch it again into the CRDS cache.");
  EXPECT_NE(refusal("selector = Open({})").find("selector 'Open' is not one of Match, UseAfter"), std::string::npos);
  EXPECT_NE(refusal("x = __import__('os')").find("line 1 column 5"), std::string::npos);
  for (const char* text : {"x", "x =", "x = {", "x = {'a'", "x = {'a':", "x = 'a", "x = 'a\n'", "x = '''a", "x = (1",
                           "x = 1.2.3x", "x = -", "x = nope", "x = [1 2]", "x = '\\x4'", "= 1", "x = \xff", "x = Match("}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
}

TEST(PythonLiteral, HasLimits) {
  EXPECT_NE(refusal("x = " + std::string(100000, '(')).find("nested deeper"), std::string::npos);
  std::string many = "x = [";
  for (int i = 0; i < 400000; ++i) many += "1,";
  EXPECT_NE(refusal(many + "]").find("more than 300000 values"), std::string::npos);
  EXPECT_THROW(parse_literal("'abc'", "x", {.bytes = 3}), Error);
}

TEST(Mapping, ChecksItsSum) {
  const std::string body = "header = {\n    'name' : 'x.rmap',\n";
  const std::string end = "}\n\nselector = Match({\n})\n";
  const std::string good = body + "    'sha1sum' : '7fa71bcd4b9ba6ee1ec5f3f9ab1b7ef17d1a4f30',\n" + end;
  EXPECT_THROW(parse_mapping(body + end, "x.rmap", ChecksumPolicy::verify), Error);
  EXPECT_NO_THROW(parse_mapping(body + end, "x.rmap", ChecksumPolicy::ignore));
  try {
    parse_mapping(good, "x.rmap", ChecksumPolicy::verify);
    ADD_FAILURE() << "a wrong sum was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.place().line, 3);
    EXPECT_NE(std::string(error.what()).find("its header says 7fa71bcd"), std::string::npos);
  }
}

TEST(Mapping, ReadsHeaderTextsInLowerCase) {
  const Mapping mapping = parse_mapping("header = {'a' : 'YES', 'b' : '(X == \"Y\")'}\nselector = {'NIRSPEC' : 'x.imap'}",
                                        "x.pmap", ChecksumPolicy::ignore);
  EXPECT_EQ(mapping.header_text("a"), "yes");
  EXPECT_EQ(mapping.header_text("b"), "(X == \"Y\")");
  EXPECT_EQ(mapping.header_text("c"), "");
  ASSERT_EQ(context_entries(mapping).size(), 1u);
  EXPECT_EQ(context_entries(mapping)[0].name, "nirspec");
}

}  // namespace
}  // namespace spec2::pipeline
