#include "steps/assign_wcs/nirspec/optics.hpp"

#include <numeric>

#include "core/error.hpp"

namespace spec2::assign_wcs::nirspec {

const std::filesystem::path& required(const ReferencePaths& paths, const std::string& type) {
  const auto found = paths.find(type);
  if (found == paths.end()) {
    throw Error(ErrorCause::reference, fmt::format("assign_wcs needs a reference file of type {} and there is none", type),
                {.keyword = type}, fmt::format("Give one with --override {}=FILE, or see what is chosen with spec2 plan", type));
  }
  return found->second;
}

namespace {

std::vector<std::string> needed_types(const Setup& setup) {
  std::vector<std::string> types{"wavelengthrange", "disperser", "fpa", "camera", "collimator"};
  if (is_ifu(setup)) types.insert(types.end(), {"ifuslicer", "ifupost", "ifufore"});
  else types.push_back("msa");
  if (ends_at_msa(setup)) return types;
  types.insert(types.end(), {"fore", "ote"});
  if (is_ifu(setup)) types.push_back("chromcorr");
  return types;
}

/// What is not looked at in a file of a type.
std::vector<std::string_view> unused_entries(const std::string& type, const Setup& setup) {
  std::vector<std::string_view> names{"asdf_library", "history", "meta"};
  if (type == "fpa") names.push_back(setup.detector == "NRS1" ? "nrs2_model" : "nrs1_model");
  if (type == "msa" && !uses_msa(setup)) {
    for (const char* quadrant : {"Q1", "Q2", "Q3", "Q4"}) names.push_back(quadrant);
  }
  return names;
}

}  // namespace

ReferenceFiles::ReferenceFiles(const ReferencePaths& paths, const Setup& setup, const Parallel& parallel) {
  const std::vector<std::string> types = needed_types(setup);
  std::vector<std::optional<asdf::AsdfFile>> opened(types.size());
  parallel.for_each(types.size(), [&](std::size_t i) {
    opened[i] = asdf::AsdfFile::open(required(paths, types[i]), ErrorCause::reference, unused_entries(types[i], setup));
  });
  for (std::size_t i = 0; i < types.size(); ++i) files_.emplace(types[i], std::move(*opened[i]));
}

Optics read_optics(wcs::Arena& arena, const ReferenceFiles& files, const Setup& setup) {
  Optics optics;
  const std::vector<asdf::WavelengthRange> ranges = asdf::read_wavelength_ranges(files.at("wavelengthrange"));
  optics.range = spectral_range(setup, ranges);
  optics.disperser = correct_tilt(asdf::read_disperser(files.at("disperser")), setup);
  optics.fpa = asdf::read_fpa(files.at("fpa"), setup.detector, arena);
  optics.camera = asdf::read_model(files.at("camera"), arena);
  optics.collimator = asdf::read_model(files.at("collimator"), arena);
  if (is_ifu(setup)) {
    std::vector<int> slices(30);
    std::iota(slices.begin(), slices.end(), 0);
    optics.slicer = asdf::read_slicer(files.at("ifuslicer"), arena);
    optics.ifu_post = asdf::read_ifupost(files.at("ifupost"), slices, arena);
    optics.ifu_fore = asdf::read_model(files.at("ifufore"), arena);
  }
  if (ends_at_msa(setup)) return optics;
  optics.fore = asdf::read_model(files.at("fore"), arena);
  optics.ote = asdf::read_model(files.at("ote"), arena);
  if (is_ifu(setup)) optics.chromatic = asdf::read_model(files.at("chromcorr"), arena);
  return optics;
}

}  // namespace spec2::assign_wcs::nirspec
