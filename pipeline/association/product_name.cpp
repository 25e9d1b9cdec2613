#include "pipeline/association/product_name.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace spec2::pipeline {
namespace {

/// Suffixes that products of any stage of the peer carry (jwst 3.0.0, lib/suffix.py), sorted.
constexpr std::string_view kSuffixes[] = {
    "adaptive_trace_model", "adaptivetracemodelstep", "align_refs", "alignrefsstep", "ami", "ami-oi", "ami3pipeline",
    "ami_analyze", "ami_normalize", "amianalyzestep", "aminorm", "aminorm-oi", "aminormalizestep", "assign_mtwcs",
    "assign_wcs", "assignmtwcsstep", "assignwcsstep", "backgroundstep", "badpixselfcalstep", "barshadowstep",
    "bkg_subtract", "blot", "bsub", "bsubints", "c1d", "cal", "calints", "cat", "chargemigrationstep",
    "clean_flicker_noise", "cleanflickernoisestep", "combine1dstep", "combine_1d", "coron3pipeline", "crf", "crfints",
    "cube_build", "cubebuildstep", "dark", "dark_current", "darkcurrentstep", "darkpipeline", "detector1pipeline",
    "dq_init", "dqinitstep", "emicorr", "emicorrstep", "engdblog", "extract1dstep", "extract2dstep", "extract_1d",
    "extract_2d", "firstframe", "firstframestep", "flat_field", "flatfieldstep", "fringe", "fringestep", "gain_scale",
    "gainscalestep", "group_scale", "groupscalestep", "guider_cds", "guidercdsstep", "guiderpipeline", "hlsp",
    "hlspstep", "i2d", "image2pipeline", "image3pipeline", "imprint", "imprintstep", "ipc", "ipcstep", "jump",
    "jumpstep", "klip", "klipstep", "lastframe", "lastframestep", "linearity", "linearitystep", "master_background",
    "masterbackgroundmosstep", "masterbackgroundstep", "mbsub", "median", "msaflagopenstep", "outlier_detection",
    "outlierdetectionstep", "pathloss", "pathlossstep", "persistence", "persistencestep", "phot", "photom",
    "photomstep", "picture_frame", "pictureframestep", "pixelreplacestep", "psfalign", "psfstack", "psfsub", "ramp",
    "ramp_fit", "rampfitstep", "rate", "rateints", "refpix", "refpixstep", "resample", "resample_spec",
    "resamplespecstep", "resamplestep", "reset", "resetstep", "residual_fringe", "residualfringestep", "rscd",
    "rscdstep", "s2d", "s3d", "saturation", "saturationstep", "skymatch", "skymatchstep", "snr", "source_catalog",
    "sourcecatalogstep", "sourcetypestep", "spec2nrslamp", "spec2pipeline", "spec3pipeline", "spectral_leak",
    "spectralleakstep", "srctype", "stackrefs", "stackrefsstep", "straylight", "straylightstep", "superbias",
    "superbiasstep", "targ_centroid", "targcentroidstep", "tso3pipeline", "tsophotometrystep", "tweakreg",
    "tweakregstep", "uncal", "wavecorrstep", "wfscmb", "wfscombine", "wfscombinestep", "wfsscontamstep",
    "white_light", "whitelightstep", "whtlt", "x1d", "x1dints",
};

bool is_suffix(std::string_view text) { return std::binary_search(std::begin(kSuffixes), std::end(kSuffixes), text); }

}  // namespace

std::string ProductRoot::file_name(std::string_view suffix, std::string_view ending) const {
  return fmt::format("{}{}{}{}", text, separator, suffix, ending);
}

ProductRoot product_root(std::string_view name) {
  name = name.substr(name.find_last_of('/') + 1);
  const std::size_t dot = name.rfind('.');
  // Dots at the beginning are part of the name.
  if (dot != std::string_view::npos && name.find_first_not_of('.') < dot) name = name.substr(0, dot);
  for (std::size_t at = 1; at < name.size(); ++at) {
    if ((name[at] == '_' || name[at] == '-') && is_suffix(name.substr(at + 1))) {
      return {std::string(name.substr(0, at)), name[at]};
    }
  }
  return {std::string(name), '_'};
}

}  // namespace spec2::pipeline
