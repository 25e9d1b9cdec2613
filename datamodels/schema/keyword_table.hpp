#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace spec2 {

enum class HeaderPlace { primary, sci, extract1d };
enum class ValueType { text, integer, real, boolean };

/// A keyword of the JWST data models.
struct KeywordInfo {
  std::string_view keyword;  ///< "EXP_TYPE"
  HeaderPlace place;         ///< the HDU it is written to
  std::string_view path;     ///< in the ASDF tree: "meta.exposure.type"; "slit.name" and "spec.name" inside list items
  ValueType type;
  std::string_view comment;  ///< of the header card
};

/// Name under which Metadata keeps the unit of the ERR plane (BUNIT of its own header, "meta.bunit_err"); no FITS keyword.
inline constexpr std::string_view kErrorUnit = "BUNIT_ERR";

/// All keywords in the order in which products hold them.
std::span<const KeywordInfo> keyword_table() noexcept;

/// The row of a keyword in this HDU, or in the primary when it is not listed there; null when it is in no schema.
const KeywordInfo* find_keyword(std::string_view keyword, HeaderPlace place = HeaderPlace::primary) noexcept;

/// Position of the row in the table: products are written in this order.
std::size_t keyword_rank(const KeywordInfo& info) noexcept;

/// Title that products put above the first keyword of this group ("meta.program": "Program information"), or empty.
std::string_view section_title(std::string_view path) noexcept;

}  // namespace spec2
