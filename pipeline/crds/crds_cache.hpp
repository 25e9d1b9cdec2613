#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace spec2::pipeline {

/// Folders of a CRDS cache and how reference files lie in them.
struct CrdsCache {
  enum class Layout {
    instrument,  ///< references/jwst/<instrument>/<file>
    flat         ///< references/jwst/<file>
  };

  std::filesystem::path mappings;    ///< of .pmap, .imap and .rmap files
  std::filesystem::path references;  ///< references/jwst
  std::filesystem::path config;      ///< config/jwst
  Layout layout = Layout::instrument;

  /// The cache under CRDS_PATH; its layout is that of config/jwst/ref_cache_subdir_mode, `instrument` without that file.
  /// Throws Error(reference) when there is no such folder or an unknown layout.
  static CrdsCache at(const std::filesystem::path& crds_path);

  /// Name of the context that the cache was last synchronised to (config/jwst/server_config). Throws Error(reference).
  std::string default_context() const;

  /// Where a reference file lies in the cache, present or not. `instrument` is used when the name does not begin with
  /// jwst_<instrument>_. Throws Error(reference) for a name that is not a plain file name.
  std::filesystem::path reference_path(std::string_view file_name, std::string_view instrument) const;
  /// Same for a mapping.
  std::filesystem::path mapping_path(std::string_view file_name) const;
};

/// The file is there and can be read.
bool is_present(const std::filesystem::path& file);

}  // namespace spec2::pipeline
