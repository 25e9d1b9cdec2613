#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/crds/crds_cache.hpp"
#include "pipeline/crds/header_values.hpp"
#include "pipeline/crds/mapping.hpp"
#include "pipeline/crds/reference_rules.hpp"

namespace spec2::pipeline {

/// Chooses reference files by the rules of one CRDS context, from a local cache and without network. The context is read
/// when it is opened; mappings of instruments and types when they are first asked for. Can be asked from several threads.
class ReferenceSelector {
 public:
  /// `context` is a .pmap or .imap of the cache; empty or "latest" for the one the cache was synchronised to.
  /// Throws Error(reference) with file, line and column for mappings that are missing or damaged.
  static ReferenceSelector open(const std::filesystem::path& crds_path, std::string context = {},
                                ChecksumPolicy checksum = ChecksumPolicy::verify);
  static ReferenceSelector open(CrdsCache cache, std::string context, ChecksumPolicy checksum = ChecksumPolicy::verify);

  /// As `open`, with $CRDS_PATH and $CRDS_CONTEXT for what is left empty. Throws Error(user_input) when there is no path at all.
  static ReferenceSelector open_or_environment(std::filesystem::path crds_path, std::string context);

  const std::string& context() const noexcept { return context_; }
  const CrdsCache& cache() const noexcept { return cache_; }

  /// The reference of this type ("flat") for an exposure. Throws Error(data) when the header names no instrument or one
  /// that the context does not know, Error(reference) when a mapping cannot be used.
  Recommendation best(const HeaderValues& header, std::string_view reftype) const;

  /// Types that the context has for the instrument of this header, sorted.
  std::vector<std::string> reference_types(const HeaderValues& header) const;
  /// Instrument of the header in lower case. Throws Error(data).
  std::string instrument_of(const HeaderValues& header) const;

  /// Where the recommended file lies in the cache; use is_present() to see whether it is there.
  std::filesystem::path path_of(const Recommendation& recommendation, const HeaderValues& header) const;

 private:
  ReferenceSelector(CrdsCache cache, std::string context, ChecksumPolicy checksum);

  using Entries = std::map<std::string, std::string, std::less<>>;
  Entries read_entries(std::string_view file_name, std::string_view ending) const;
  const Entries& instrument_entries(const std::string& instrument) const;
  const ReferenceRules& rules(const std::string& file_name) const;

  /// What was read, so that each mapping is read once. Behind a pointer because a mutex cannot move.
  struct Loaded {
    std::mutex mutex;
    std::map<std::string, Entries, std::less<>> instruments;
    std::map<std::string, std::unique_ptr<ReferenceRules>, std::less<>> rules;
  };

  CrdsCache cache_;
  std::string context_;
  ChecksumPolicy checksum_;
  Entries instruments_;
  std::string only_instrument_;  ///< when the context is an .imap
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace spec2::pipeline
