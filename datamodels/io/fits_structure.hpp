#pragma once

#include <filesystem>

#include "core/error.hpp"

namespace spec2::io {

/// Walks over the headers of a FITS file by their blocks before a library sees it: numbers that say how large things are must be
/// within the bounds of the standard, and every HDU must lie within the file. So no header makes anybody ask for more memory than
/// the file has bytes. Throws Error with the cause given, naming file, HDU by its number, and keyword.
void check_structure(const std::filesystem::path& path, ErrorCause cause);

}  // namespace spec2::io
