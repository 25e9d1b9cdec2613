#include "pipeline/html/markup.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace spec2::pipeline::html {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

TEST(Escaped, MarkupBecomesPlainText) {
  EXPECT_EQ(escaped("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
  EXPECT_EQ(escaped("</script><img src=x onerror=alert(1)>"), "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;");
}

TEST(Escaped, WhatIsNoUtf8IsReplaced) {
  EXPECT_EQ(escaped("5 \xC2\xB5m"), "5 \xC2\xB5m");
  EXPECT_EQ(escaped("\xB5m"), "\xEF\xBF\xBDm");                          // Latin-1
  EXPECT_EQ(escaped("\xC0\xBC"), "\xEF\xBF\xBD\xEF\xBF\xBD");            // '<' in two bytes
  EXPECT_EQ(escaped("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");            // cut short
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // half of a pair
  EXPECT_EQ(escaped(std::string_view("a\0b\x1B", 4)), "a\xEF\xBF\xBD" "b\xEF\xBF\xBD");
}

TEST(JsonText, IsReadBackAndCannotEndTheScript) {
  const std::string text = "</script><!-- \"quoted\" \\ & \n\t \xC2\xB5m";
  std::string out;
  append_json_text(out, text);
  EXPECT_EQ(nlohmann::json::parse(out).get<std::string>(), text);
  EXPECT_THAT(out, ::testing::Not(::testing::HasSubstr("<")));
  EXPECT_THAT(out, ::testing::Not(::testing::HasSubstr(">")));
}

TEST(JsonNumbers, NotFiniteIsNull) {
  std::string out;
  append_json_numbers(out, std::array{1.0, -2.5e-20, std::nan(""), std::numeric_limits<double>::infinity(), 123456.789}, 5);
  EXPECT_EQ(out, "[1,-2.5e-20,null,null,1.2346e+05]");
}

// RFC 4648, section 10.
TEST(Base64, VectorsOfTheStandard) {
  EXPECT_EQ(base64(bytes_of("")), "");
  EXPECT_EQ(base64(bytes_of("f")), "Zg==");
  EXPECT_EQ(base64(bytes_of("fo")), "Zm8=");
  EXPECT_EQ(base64(bytes_of("foobar")), "Zm9vYmFy");
}

// SHA-256 of the empty text (FIPS 180-4) in base64.
TEST(ScriptHash, IsSha256InBase64) { EXPECT_EQ(script_hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="); }

TEST(Counted, HasAPlural) {
  EXPECT_EQ(counted(1, "slit"), "1 slit");
  EXPECT_EQ(counted(0, "slit"), "0 slits");
}

}  // namespace
}  // namespace spec2::pipeline::html
