#pragma once

#include <filesystem>
#include <string>

namespace spec2::pipeline {

/// Writes a file under another name first: a reader finds the whole text or none. Throws Error(system).
void write_text_file(const std::filesystem::path& path, const std::string& text);

}  // namespace spec2::pipeline
