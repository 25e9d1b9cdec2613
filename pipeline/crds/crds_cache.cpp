#include "pipeline/crds/crds_cache.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

#include <fmt/format.h>

#include "core/error.hpp"
#include "pipeline/crds/mapping.hpp"
#include "pipeline/crds/python_literal.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

/// Names come out of files that may be wrong or hostile: only plain file names are joined to a folder of the cache.
void require_plain_name(std::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= 255 && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("_-.+").find(c) != std::string_view::npos;
      });
  if (!plain) {
    throw Error(ErrorCause::reference, fmt::format("'{}' is not the name of a file of a CRDS cache", name.substr(0, 200)), {},
                "The mapping that names it is damaged: fetch it again into the CRDS cache.");
  }
}

/// "nirspec" of jwst_nirspec_flat_0001.fits; empty for other names.
std::string_view instrument_in(std::string_view name) {
  constexpr std::string_view kStart = "jwst_";
  static constexpr std::array<std::string_view, 7> kInstruments = {"fgs", "miri", "nircam", "niriss", "nirspec", "system", "all"};
  if (!name.starts_with(kStart)) return {};
  const std::string_view rest = name.substr(kStart.size());
  const std::string_view instrument = rest.substr(0, rest.find('_'));
  return std::find(kInstruments.begin(), kInstruments.end(), instrument) == kInstruments.end() ? std::string_view{} : instrument;
}

}  // namespace

CrdsCache CrdsCache::at(const std::filesystem::path& crds_path) {
  std::error_code error;
  if (crds_path.empty() || !std::filesystem::is_directory(crds_path, error)) {
    throw Error(ErrorCause::reference, "there is no CRDS cache here", {.file = crds_path.string()},
                "Set CRDS_PATH (or --crds-path) to the folder that holds mappings/jwst and references/jwst.");
  }
  CrdsCache cache{crds_path / "mappings" / "jwst", crds_path / "references" / "jwst", crds_path / "config" / "jwst",
                  Layout::instrument};
  const std::filesystem::path mode_file = cache.config / "ref_cache_subdir_mode";
  if (std::filesystem::exists(mode_file, error)) {
    const std::string text = read_text_file(mode_file, 4096);
    const std::string_view mode = strip(text);
    if (mode == "flat") {
      cache.layout = Layout::flat;
    } else if (mode != "instrument") {
      throw Error(ErrorCause::reference, fmt::format("unknown layout '{}' of the CRDS cache", mode), {.file = mode_file.string()},
                  "The file should say instrument or flat.");
    }
  }
  return cache;
}

std::string CrdsCache::default_context() const {
  const std::filesystem::path file = config / "server_config";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw Error(ErrorCause::reference, "no context is given and the CRDS cache names none", {.file = file.string()},
                "Set CRDS_CONTEXT (or --context) to a .pmap file of the cache.");
  }
  const Literal settings = parse_literal(read_text_file(file, LiteralLimits{}.bytes), file);
  for (const std::string_view key : {"latest_context", "operational_context"}) {
    const Literal* value = settings.find(key);
    if (value != nullptr && value->is_string() && value->text.ends_with(".pmap")) return value->text;
  }
  throw Error(ErrorCause::reference, "the configuration of the CRDS cache names no context", {.file = file.string()},
              "Set CRDS_CONTEXT (or --context) to a .pmap file of the cache.");
}

std::filesystem::path CrdsCache::reference_path(std::string_view file_name, std::string_view instrument) const {
  require_plain_name(file_name);
  if (layout == Layout::flat) return references / file_name;
  const std::string_view own = instrument_in(file_name);
  const std::string folder = lower_case(own.empty() ? instrument : own);
  require_plain_name(folder);
  return references / folder / file_name;
}

std::filesystem::path CrdsCache::mapping_path(std::string_view file_name) const {
  require_plain_name(file_name);
  return mappings / file_name;
}

bool is_present(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) && std::ifstream(file).good();
}

}  // namespace spec2::pipeline
