#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace spec2::test {

/// Compares a product with the peer's, HDU by HDU: float planes and columns within
/// |ours - peer| <= rtol * |peer| + rtol * median(|peer|) with NaN at the same places, integers and text equal, the same
/// units and primary keywords (dates, versions and file names aside). Gives one line per difference; empty when equal.
std::vector<std::string> product_differences(const std::filesystem::path& ours, const std::filesystem::path& peer, double rtol);

}  // namespace spec2::test
