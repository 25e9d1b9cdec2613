#include "reference_files.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "table_file.hpp"
#include "wcs/asdf/asdf_file.hpp"

namespace spec2::testing {

using assign_wcs::nirspec::ReferencePaths;
using assign_wcs::nirspec::Setup;

namespace {

// The reference file of a type whose meta.instrument.<key> is `value`; the first of the type for an empty key.
std::filesystem::path find_reference(const std::string& type, const std::string& key, const std::string& value) {
  const std::filesystem::path folder = shared_file("crds/references/jwst/nirspec");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("jwst_nirspec_" + type + "_")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (key.empty() || asdf::AsdfFile::open(file).text("meta.instrument." + key) == value) return file;
  }
  throw std::runtime_error("no reference of type " + type + " for " + value);
}

}  // namespace

ReferencePaths nirspec_references(const Setup& setup) {
  ReferencePaths paths;
  for (const char* type : {"camera", "collimator", "fpa", "msa", "ote", "wavelengthrange", "ifufore", "ifupost", "ifuslicer"}) {
    paths[type] = find_reference(type, "", "");
  }
  paths["disperser"] = find_reference("disperser", "grating", setup.grating);
  paths["fore"] = find_reference("fore", "filter", setup.filter);
  if (setup.exp_type == "NRS_IFU") paths["chromcorr"] = find_reference("chromcorr", "filter", setup.filter);
  return paths;
}

}  // namespace spec2::testing
