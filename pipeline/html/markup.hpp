#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace spec2::pipeline::html {

/// Text of files as it may stand in HTML, between tags or within a quoted attribute: markup becomes plain characters, bytes
/// that are no UTF-8 and control characters become U+FFFD.
std::string escaped(std::string_view text);

/// Appends a JSON string with its quotes that may stand within a <script> element: '<', '>' and '&' are written \u00XX, so that
/// no text can end the element.
void append_json_text(std::string& out, std::string_view text);

/// Appends a JSON array; values that are not finite become null. `digits` significant ones are kept.
void append_json_numbers(std::string& out, std::span<const double> values, int digits);
void append_json_number(std::string& out, double value, int digits);

std::string base64(std::span<const std::byte> bytes);

/// "sha256-..." of a script as a Content-Security-Policy names it.
std::string script_hash(std::string_view script);

/// "1 slit", "3 slits".
std::string counted(std::size_t count, std::string_view what);

}  // namespace spec2::pipeline::html
