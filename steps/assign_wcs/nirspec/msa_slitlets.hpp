#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/log.hpp"
#include "steps/assign_wcs/nirspec/setup.hpp"
#include "wcs/asdf/nirspec_references.hpp"
#include "wcs/record.hpp"

namespace spec2::assign_wcs::nirspec {

/// A row of SHUTTER_INFO of an MSA metafile: one open shutter, or one fixed slit.
struct ShutterRow {
  std::int64_t slitlet_id = 0;
  std::int64_t msa_metadata_id = 0;
  int quadrant = 0;           ///< 1 to 4
  std::int64_t row = 0;       ///< shutter_row, along x, from 1
  std::int64_t column = 0;    ///< shutter_column, along y, from 1
  std::int64_t source_id = 0;
  bool background = false;    ///< "Y"
  double source_x = 0.0;      ///< estimated_source_in_shutter_x, from the upper right corner; NaN when unknown
  double source_y = 0.0;
  std::int64_t dither_point = 0;
  bool primary_source = false;
  std::string fixed_slit;     ///< "S200A1"; empty or "NONE" for shutters and in old files
};

/// A row of SOURCE_INFO.
struct SourceRow {
  std::int64_t source_id = 0;
  std::string name;
  std::string alias;
  double stellarity = 0.0;
  double ra_deg = 0.0;
  double dec_deg = 0.0;
};

struct MsaMetafile {
  std::string path;
  std::vector<ShutterRow> shutters;
  std::vector<SourceRow> sources;
};

/// Pitch of the shutters over their open size, x and y, of quadrants 1 to 4 (get_msa_slit_scales).
using SlitScales = std::array<std::array<double, 2>, 4>;
SlitScales slit_scales(const asdf::MsaReference& msa);

/// Which rows of the metafile belong to an exposure.
struct MsaSelection {
  std::string program;              ///< PROGRAM without leading zeros; begins names of made-up sources
  std::int64_t metadata_id = 0;     ///< MSAMETID
  std::int64_t dither_point = 0;    ///< PATT_NUM
};

/// The open slitlets (and fixed slits with a source) of an exposure, in the order of their first rows. Slitlets without main
/// shutter are background; those whose source is not listed get a made-up one, as in the peer.
/// Source: jwst 3.0.0 assign_wcs.nirspec.get_open_msa_slits. Throws Error(data) naming the metafile for more than one primary
/// source in a slitlet, or a fixed slit among shutters.
std::vector<wcs::SlitDescription> open_msa_slitlets(const MsaMetafile& metafile, const MsaSelection& selection,
                                                    const Setup& setup, const SlitScales& scales, const Log& log = {});

}  // namespace spec2::assign_wcs::nirspec
