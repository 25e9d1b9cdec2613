#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/crds/python_literal.hpp"

namespace spec2::pipeline {

enum class ChecksumPolicy { verify, ignore };

/// A CRDS mapping file (.pmap, .imap or .rmap): its header and its selector as read, not yet interpreted.
struct Mapping {
  std::filesystem::path file;
  Literal header;    ///< a dict
  Literal selector;  ///< a dict of file names (.pmap, .imap) or a selector call (.rmap)

  /// Text of the header under `key`, in lower case unless it stands in parentheses, as CRDS reads it; empty when absent.
  std::string header_text(std::string_view key) const;
};

/// Reads a mapping and compares its sha1sum. Throws Error(reference) with line and column, Error(system) when the file
/// cannot be read.
Mapping read_mapping(const std::filesystem::path& file, ChecksumPolicy checksum);

/// Same for a text; `file` is for messages.
Mapping parse_mapping(std::string_view text, const std::filesystem::path& file, ChecksumPolicy checksum);

/// Entry of a .pmap or .imap.
struct MappingEntry {
  std::string name;   ///< instrument or reference type, lower case
  std::string value;  ///< file name, N/A or OMIT
};
std::vector<MappingEntry> context_entries(const Mapping& mapping);

/// `N/A` and its temporary form; `OMIT` and its temporary form.
bool is_not_applicable(std::string_view value);
bool is_omitted(std::string_view value);

/// Whole file as text. Throws Error(system) naming it.
std::string read_text_file(const std::filesystem::path& file, std::size_t most_bytes);

}  // namespace spec2::pipeline
