#pragma once

#include <cstddef>
#include <filesystem>

namespace spec2::test {

/// Writes a time series of `total` integrations (a multiple of ten) that repeats the first ten of `rateints`, with times that
/// go on as theirs do. `out` may be the same file.
void repeat_integrations(const std::filesystem::path& rateints, const std::filesystem::path& out, std::size_t total);

}  // namespace spec2::test
