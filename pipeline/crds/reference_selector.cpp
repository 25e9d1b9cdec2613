#include "pipeline/crds/reference_selector.hpp"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "pipeline/crds/value_conditioning.hpp"

namespace spec2::pipeline {
namespace {

Error unknown_instrument(const std::string& instrument, const std::string& context) {
  return Error(ErrorCause::data, fmt::format("context {} knows no instrument '{}'", context, instrument), {.keyword = "INSTRUME"},
               "Correct INSTRUME in the header of the exposure.");
}

}  // namespace

ReferenceSelector::ReferenceSelector(CrdsCache cache, std::string context, ChecksumPolicy checksum)
    : cache_(std::move(cache)), context_(std::move(context)), checksum_(checksum), loaded_(std::make_unique<Loaded>()) {
  if (context_.ends_with(".imap")) {
    const Mapping imap = read_mapping(cache_.mapping_path(context_), checksum_);
    only_instrument_ = imap.header_text("instrument");
    instruments_[only_instrument_] = context_;
  } else {
    instruments_ = read_entries(context_, ".pmap");
  }
}

ReferenceSelector ReferenceSelector::open_or_environment(std::filesystem::path crds_path, std::string context) {
  const auto environment = [](const char* name) -> std::string {
    const char* const value = std::getenv(name);
    return value ? value : "";
  };
  if (crds_path.empty()) crds_path = environment("CRDS_PATH");
  if (crds_path.empty()) {
    throw Error(ErrorCause::user_input, "there is no reference cache", {.keyword = "CRDS_PATH"},
                "Set CRDS_PATH to a CRDS cache, or give --crds-path");
  }
  if (context.empty()) context = environment("CRDS_CONTEXT");
  return open(crds_path, std::move(context));
}

ReferenceSelector ReferenceSelector::open(const std::filesystem::path& crds_path, std::string context, ChecksumPolicy checksum) {
  return open(CrdsCache::at(crds_path), std::move(context), checksum);
}

ReferenceSelector ReferenceSelector::open(CrdsCache cache, std::string context, ChecksumPolicy checksum) {
  if (context.empty() || context == "latest" || context == "jwst-latest" || context == "jwst-operational") {
    context = cache.default_context();
  }
  if (!context.ends_with(".pmap") && !context.ends_with(".imap")) {
    throw Error(
        ErrorCause::user_input, fmt::format("'{}' is not the name of a CRDS context", context), {},
        "Give a .pmap file of the cache, such as jwst_1293.pmap: dates and other names are known to the CRDS server only.");
  }
  return ReferenceSelector(std::move(cache), std::move(context), checksum);
}

ReferenceSelector::Entries ReferenceSelector::read_entries(std::string_view file_name, std::string_view ending) const {
  const std::filesystem::path file = cache_.mapping_path(file_name);
  if (!file_name.ends_with(ending)) {
    throw Error(ErrorCause::reference, fmt::format("'{}' is not a {} file", file_name, ending), {.file = file.string()},
                "Fetch the mapping that names it again.");
  }
  if (!is_present(file)) {
    throw Error(ErrorCause::reference, "the mapping is not in the CRDS cache", {.file = file.string()},
                fmt::format("Fetch it on a machine with network: crds sync --contexts {}", context_));
  }
  Entries entries;
  for (MappingEntry& entry : context_entries(read_mapping(file, checksum_))) {
    entries.insert_or_assign(std::move(entry.name), std::move(entry.value));
  }
  return entries;
}

std::string ReferenceSelector::instrument_of(const HeaderValues& header) const {
  for (const std::string_view key : {"META.INSTRUMENT.NAME", "INSTRUMENT", "META.INSTRUMENT.TYPE"}) {
    const std::string* value = header.find(key);
    if (value != nullptr && *value != "UNDEFINED") return lower_case(*value);
  }
  if (!only_instrument_.empty()) return only_instrument_;
  throw Error(ErrorCause::data, "the header does not name the instrument", {.keyword = "INSTRUME"},
              "References are chosen by instrument: add INSTRUME to the header of the exposure.");
}

const ReferenceSelector::Entries& ReferenceSelector::instrument_entries(const std::string& instrument) const {
  const auto listed = instruments_.find(instrument);
  if (listed == instruments_.end() || is_not_applicable(listed->second) || is_omitted(listed->second)) {
    throw unknown_instrument(instrument, context_);
  }
  const auto known = loaded_->instruments.find(instrument);
  if (known != loaded_->instruments.end()) return known->second;
  return loaded_->instruments.emplace(instrument, read_entries(listed->second, ".imap")).first->second;
}

const ReferenceRules& ReferenceSelector::rules(const std::string& file_name) const {
  std::unique_ptr<ReferenceRules>& known = loaded_->rules[file_name];
  if (!known) {
    const std::filesystem::path file = cache_.mapping_path(file_name);
    if (!file_name.ends_with(".rmap") || !is_present(file)) {
      throw Error(ErrorCause::reference, "the mapping is not in the CRDS cache", {.file = file.string()},
                  fmt::format("Fetch it on a machine with network: crds sync --contexts {}", context_));
    }
    known = std::make_unique<ReferenceRules>(read_mapping(file, checksum_));
  }
  return *known;
}

Recommendation ReferenceSelector::best(const HeaderValues& header, std::string_view reftype) const {
  const std::string instrument = instrument_of(header);
  const std::string type = lower_case(reftype);
  const std::scoped_lock lock(loaded_->mutex);
  const Entries& types = instrument_entries(instrument);
  const auto found = types.find(type);
  if (found == types.end()) {
    return {RecommendationStatus::not_found,
            {},
            fmt::format("context {} has no reference type '{}' for {}", context_, type, instrument),
            {}};
  }
  const std::string place = fmt::format("{} : {}", type, found->second);
  if (is_not_applicable(found->second)) {
    return {RecommendationStatus::na, {}, fmt::format("the type is N/A for {}", instrument), place};
  }
  if (is_omitted(found->second)) {
    return {RecommendationStatus::omitted, {}, fmt::format("the type is left out for {}", instrument), place};
  }
  return rules(found->second).choose(header);
}

std::vector<std::string> ReferenceSelector::reference_types(const HeaderValues& header) const {
  const std::scoped_lock lock(loaded_->mutex);
  std::vector<std::string> types;
  for (const auto& [type, file] : instrument_entries(instrument_of(header))) types.push_back(type);
  return types;
}

std::filesystem::path ReferenceSelector::path_of(const Recommendation& recommendation, const HeaderValues& header) const {
  return cache_.reference_path(recommendation.file_name, instrument_of(header));
}

}  // namespace spec2::pipeline
