#include "steps/assign_wcs/nirspec/optics.hpp"

#include <numeric>

#include "core/error.hpp"

namespace spec2::assign_wcs::nirspec {

const std::filesystem::path& required(const ReferencePaths& paths, const std::string& type) {
  const auto found = paths.find(type);
  if (found == paths.end()) {
    throw Error(ErrorCause::reference, fmt::format("assign_wcs needs a reference file of type {} and there is none", type), {.keyword = type},
                fmt::format("Give one with --override {}=FILE, or see what is chosen with spec2 plan", type));
  }
  return found->second;
}

Optics read_optics(wcs::Arena& arena, const ReferencePaths& paths, const Setup& setup) {
  Optics optics;
  const std::vector<asdf::WavelengthRange> ranges = asdf::read_wavelength_ranges(required(paths, "wavelengthrange"));
  optics.range = spectral_range(setup, ranges);
  optics.disperser = correct_tilt(asdf::read_disperser(required(paths, "disperser")), setup);
  optics.fpa = asdf::read_fpa(required(paths, "fpa"), setup.detector, arena);
  optics.camera = asdf::read_model(required(paths, "camera"), arena);
  optics.collimator = asdf::read_model(required(paths, "collimator"), arena);
  if (is_ifu(setup)) {
    std::vector<int> slices(30);
    std::iota(slices.begin(), slices.end(), 0);
    optics.slicer = asdf::read_slicer(required(paths, "ifuslicer"), arena);
    optics.ifu_post = asdf::read_ifupost(required(paths, "ifupost"), slices, arena);
    optics.ifu_fore = asdf::read_model(required(paths, "ifufore"), arena);
  }
  if (ends_at_msa(setup)) return optics;
  optics.fore = asdf::read_model(required(paths, "fore"), arena);
  optics.ote = asdf::read_model(required(paths, "ote"), arena);
  if (is_ifu(setup)) optics.chromatic = asdf::read_model(required(paths, "chromcorr"), arena);
  return optics;
}

}  // namespace spec2::assign_wcs::nirspec
