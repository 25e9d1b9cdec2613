#pragma once

#include <filesystem>
#include <string>

namespace spec2::test {

/// True when two products have the same bytes, the names of their exposures and what depends on the time of the run aside: DATE
/// wherever it is repeated, and the checksum of the headers in the tree. Names must have the same length. Nothing is taken from
/// the heap, so that measurements of memory go on undisturbed.
bool same_but_for_dates(const std::filesystem::path& one, const std::string& one_name, const std::filesystem::path& other,
                        const std::string& other_name);

}  // namespace spec2::test
