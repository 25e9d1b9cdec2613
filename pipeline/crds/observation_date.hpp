#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spec2::pipeline {

/// Rewrites a date and time of any form that CRDS takes as `YYYY-MM-DD HH:MM:SS[.ffffff]`, in which dates compare as text;
/// nothing for a text that is no date. Forms: year, month and day with `-` or `/` in both orders, two-digit years,
/// `YYYYMMDD:HHMMSS`, names of months, `T` between date and time, AM and PM, ` UT` at the end.
/// Source: crds 14.0.3, core/timestamp.py.
std::optional<std::string> standard_date(std::string_view text);

}  // namespace spec2::pipeline
