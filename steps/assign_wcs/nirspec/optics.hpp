#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "steps/assign_wcs/nirspec/disperser.hpp"
#include "steps/assign_wcs/nirspec/setup.hpp"
#include "wcs/arena.hpp"
#include "wcs/asdf/nirspec_references.hpp"

namespace spec2::assign_wcs::nirspec {

/// Reference files by type ("camera"); absent types are not in the map.
using ReferencePaths = std::map<std::string, std::filesystem::path>;

/// Path of a type; throws Error(reference) naming it when there is none.
const std::filesystem::path& required(const ReferencePaths& paths, const std::string& type);

/// The reference files that the mode of an exposure needs, all opened at the same time when there are threads: their trees take
/// longer to read than their models. Throws Error(reference) naming the type that is missing or the file that is damaged.
class ReferenceFiles {
 public:
  ReferenceFiles(const ReferencePaths& paths, const Setup& setup, const Parallel& parallel);
  const asdf::AsdfFile& at(const std::string& type) const { return files_.at(type); }
  /// Hands the file over.
  asdf::AsdfFile take(const std::string& type) { return std::move(files_.at(type)); }

 private:
  std::map<std::string, asdf::AsdfFile> files_;
};

/// Geometry of the MSA needed for the open slits: position and size of each, and the transform of its quadrant.
struct Aperture {
  asdf::Opening opening;           ///< m
  wcs::TransformId quadrant_model; ///< quadrant to MSA plane
};

/// Optical elements of one exposure, read from the reference files into an arena. Null where the mode has no use for them.
struct Optics {
  wcs::TransformId fpa;          ///< detector pixel to focal plane
  wcs::TransformId camera;
  wcs::TransformId collimator;
  wcs::TransformId fore;         ///< MSA to OTE image plane, by filter
  wcs::TransformId ote;          ///< OTE image plane to V2, V3 in arcsec
  asdf::Disperser disperser;     ///< with the tilt put in
  SpectralRange range;

  // IFU
  asdf::Slicer slicer;
  std::vector<asdf::IfuPost> ifu_post;
  wcs::TransformId ifu_fore;     ///< slicer plane to MSA entrance
  wcs::TransformId chromatic;    ///< chromatic correction behind the OTE image plane
};

/// Reads what the mode of `setup` needs. Throws Error(reference) naming the file that is damaged.
Optics read_optics(wcs::Arena& arena, const ReferenceFiles& files, const Setup& setup);

}  // namespace spec2::assign_wcs::nirspec
