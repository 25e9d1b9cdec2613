#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace spec2 {

/// Start, middle and end of each integration of an exposure: the INT_TIMES table. Empty when the file has none.
struct IntegrationTimes {
  /// Columns of times: names, and days of the modified (UTC) or barycentric (TDB) Julian date.
  static constexpr std::array<std::string_view, 6> kColumns = {"int_start_MJD_UTC", "int_mid_MJD_UTC", "int_end_MJD_UTC",
                                                               "int_start_BJD_TDB", "int_mid_BJD_TDB", "int_end_BJD_TDB"};
  std::vector<std::int32_t> number;  ///< from 1, counted over all segments of the exposure
  std::array<std::vector<double>, kColumns.size()> days;

  bool empty() const { return number.empty(); }
  std::size_t size() const { return number.size(); }
};

}  // namespace spec2
