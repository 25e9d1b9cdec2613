#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/crds/rule_expression.hpp"

namespace spec2::pipeline {
namespace {

std::optional<bool> holds(std::string_view text) {
  return RuleExpression::parse(text).holds([](std::string_view name) -> std::optional<std::string> {
    if (name == "TYPE") return "NRS_IFU";
    if (name == "EMPTY") return "";
    return std::nullopt;
  });
}

TEST(RuleExpression, EvaluatesWhatMappingsUse) {
  EXPECT_EQ(holds("True"), true);
  EXPECT_EQ(holds("(TYPE == \"NRS_IFU\")"), true);
  EXPECT_EQ(holds("(TYPE not in ('NRS_DARK', 'NRS_IMAGE') and TYPE != 'OPAQUE')"), true);
  EXPECT_EQ(holds("not TYPE in ['NRS_IFU']"), false);
  EXPECT_EQ(holds("not not EMPTY"), false);
  EXPECT_EQ(holds("'IFU' in TYPE"), true);
  EXPECT_EQ(holds("1 < 2 < 3"), true);
  EXPECT_EQ(holds("1 < 2 > -3 == -3"), true);
  EXPECT_EQ(holds("True if TYPE == 'A' else False"), false);
  EXPECT_EQ(holds("TYPE == 5"), false);
  EXPECT_EQ(holds("None"), false);
  EXPECT_EQ(holds("EMPTY or TYPE"), true);
}

TEST(RuleExpression, SaysWhatCannotBeEvaluated) {
  EXPECT_EQ(holds("NAME == 'A'"), std::nullopt);
  EXPECT_EQ(holds("TYPE < 5"), std::nullopt);
  EXPECT_EQ(holds("TYPE in 5"), std::nullopt);
  EXPECT_EQ(holds("TYPE == 'NRS_IFU' or NAME"), true);
}

TEST(RuleExpression, RefusesEverythingElse) {
  for (const char* text :
       {"", "TYPE ==", "f(x)", "A.B == 'C'", "TYPE = 'A'", "(TYPE", "'open", "1 + 1", "TYPE not", "lambda", "a b", "import os"}) {
    EXPECT_THROW(holds(text), Error) << text;
  }
  EXPECT_THROW(holds(std::string(1000, '(')), Error);
}

}  // namespace
}  // namespace spec2::pipeline
