#include "pipeline/crds/mapping.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "core/checksum.hpp"
#include "core/error.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

constexpr std::string_view kFetchAgain = "Fetch the mapping again into the CRDS cache.";

/// The text that is summed: line ends as \n, without the lines that speak of the sum itself.
std::string summed_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    std::string_view line = text.substr(begin, end - begin);
    begin = end;
    if (line.find("sha1sum") != std::string_view::npos) continue;
    if (line.ends_with("\r\n")) {
      result += line.substr(0, line.size() - 2);
      result += '\n';
    } else {
      result += line;
    }
  }
  return result;
}

void verify_checksum(const Mapping& mapping, std::string_view text) {
  const std::string given = mapping.header_text("sha1sum");
  if (given.empty()) {
    throw Error(ErrorCause::reference, "the mapping has no sha1sum", {.file = mapping.file.string()},
                "Fetch it again into the CRDS cache, or set CRDS_IGNORE_MAPPING_CHECKSUM=1 for a mapping of your own.");
  }
  const std::string computed = sha1_hex(summed_text(text));
  if (computed != given) {
    const Literal* place = mapping.header.find("sha1sum");
    throw Error(
        ErrorCause::reference, fmt::format("sha1sum of the mapping is {}, its header says {}", computed, given),
        {.file = mapping.file.string(), .line = place->line, .column = place->column},
        "The file was changed or damaged: fetch it again into the CRDS cache, or set CRDS_IGNORE_MAPPING_CHECKSUM=1 for a "
        "mapping of your own.");
  }
}

}  // namespace

std::string read_text_file(const std::filesystem::path& file, std::size_t most_bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    throw Error(ErrorCause::system, "this is a folder, expected a file", {.file = file.string()});
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw Error(ErrorCause::system, fmt::format("cannot open the file ({})", std::strerror(errno)), {.file = file.string()},
                "Check that it exists and that you may read it.");
  }
  std::string text;
  std::string chunk(1 << 16, '\0');
  while (stream) {
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > most_bytes) {
      throw Error(ErrorCause::user_input, fmt::format("the file is larger than {} bytes", most_bytes), {.file = file.string()},
                  "This is not a file of the expected kind.");
    }
  }
  return text;
}

std::string Mapping::header_text(std::string_view key) const {
  const Literal* value = header.find(key);
  if (value == nullptr) return {};
  const std::string text = to_text(*value);
  const bool expression = value->is_string() && text.starts_with('(') && text.ends_with(')');
  return expression || !value->is_string() ? text : lower_case(text);
}

Mapping parse_mapping(std::string_view text, const std::filesystem::path& file, ChecksumPolicy checksum) {
  Mapping mapping{file, {}, {}};
  bool has_header = false;
  bool has_selector = false;
  for (Assignment& section : parse_assignments(text, file)) {
    if (section.name == "header") {
      mapping.header = std::move(section.value);
      has_header = true;
    } else if (section.name == "selector") {
      mapping.selector = std::move(section.value);
      has_selector = true;
    } else if (section.name != "comment") {
      throw Error(ErrorCause::reference, fmt::format("unknown section '{}' in a mapping", section.name),
                  {.file = file.string(), .line = section.value.line}, std::string(kFetchAgain));
    }
  }
  if (!has_header || !has_selector || mapping.header.kind != Literal::Kind::dict) {
    throw Error(ErrorCause::reference, "the mapping lacks its header or its selector", {.file = file.string()},
                std::string(kFetchAgain));
  }
  if (mapping.selector.kind != Literal::Kind::dict && mapping.selector.kind != Literal::Kind::call) {
    throw Error(ErrorCause::reference, "the selector is neither a dictionary nor a selector call",
                {.file = file.string(), .line = mapping.selector.line}, std::string(kFetchAgain));
  }
  if (checksum == ChecksumPolicy::verify) verify_checksum(mapping, text);
  return mapping;
}

Mapping read_mapping(const std::filesystem::path& file, ChecksumPolicy checksum) {
  return parse_mapping(read_text_file(file, LiteralLimits{}.bytes), file, checksum);
}

std::vector<MappingEntry> context_entries(const Mapping& mapping) {
  const auto refuse = [&](const Literal& place, std::string_view problem) {
    throw Error(ErrorCause::reference, std::string(problem),
                {.file = mapping.file.string(), .line = place.line, .column = place.column}, std::string(kFetchAgain));
  };
  if (mapping.selector.kind != Literal::Kind::dict) {
    refuse(mapping.selector, "a context lists files, this mapping has a selector");
  }
  std::vector<MappingEntry> entries;
  for (std::size_t i = 0; i + 1 < mapping.selector.items.size(); i += 2) {
    const Literal& name = mapping.selector.items[i];
    const Literal& value = mapping.selector.items[i + 1];
    if (!name.is_string() || !value.is_string()) refuse(name, "an entry of a context is not a text");
    entries.push_back({lower_case(name.text), value.text});
  }
  return entries;
}

bool is_not_applicable(std::string_view value) {
  return value == "N/A" || value == "TEMP_N/A" || value == "n/a" || value == "temp_n/a";
}

bool is_omitted(std::string_view value) { return value == "OMIT" || value == "TEMP_OMIT" || value == "omit"; }

}  // namespace spec2::pipeline
