#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "datamodels/integration_times.hpp"
#include "datamodels/metadata.hpp"
#include "datamodels/planes.hpp"
#include "datamodels/spectrum.hpp"
#include "wcs/arena.hpp"
#include "wcs/wcs.hpp"

namespace spec2 {

enum class SourceType { unknown, point, extended };
std::string_view to_string(SourceType type) noexcept;  ///< "POINT", "EXTENDED", "UNKNOWN"

/// The kind of model the peer would hold; decides layout and DATAMODL of products.
enum class ModelKind {
  image,       ///< rate: ImageModel
  cube,        ///< rateints: CubeModel, planes [integration, row, column]
  multi_slit,  ///< MultiSlitModel: `slits`
  slit,        ///< SlitModel: exactly one of `slits`, possibly with integrations (NRS_BRIGHTOBJ)
  ifu_image,   ///< IFUImageModel
  multi_spec,  ///< MultiSpecModel: `spectra`
  tso_multi_spec  ///< TSOMultiSpecModel: `spectra` by integration
};
std::string_view model_name(ModelKind kind) noexcept;  ///< "MultiSlitModel"

/// A cutout of one slit with everything steps learn about it. Pixel bounds are those of the peer's keywords.
struct Slit {
  std::string name;     ///< "S200A1"
  int shutter_id = 0;   ///< SHUTTRID
  int xstart = 0;       ///< SLTSTRT1, 1-based in the full frame of the input image
  int xsize = 0;
  int ystart = 0;
  int ysize = 0;
  int source_id = 0;
  bool has_source_position = true;  ///< false for lamps: SRCXPOS, SRCYPOS are not written
  double source_xpos = 0.0;  ///< SRCXPOS, fraction of the slit
  double source_ypos = 0.0;
  double slit_ymin = -0.5;  ///< lower and upper edge along the slit, fractions of it
  double slit_ymax = 0.5;
  SourceType source_type = SourceType::unknown;
  bool wavelength_corrected = false;  ///< WAVECOR

  /// Keywords of the SCI header of this slit that have no member above (BUNIT, PHOTMJSR, S_REGION, PTHLOSS, ...). They
  /// win over those of the exposure.
  Metadata meta;
  Planes planes;
  wcs::Wcs wcs;  ///< frames of this slit; records live in the arena of the exposure

  /// An explicit copy, its planes charged to `account`.
  Slit clone(Account& account) const;
};

/// Which integrations an exposure holds when a time series goes through the chain in blocks of them.
struct IntegrationBlock {
  std::size_t first = 0;  ///< 0-based
  std::size_t total = 0;  ///< of the whole series; 0: all are held
  bool is_part() const noexcept { return total > 0; }
};

/// An exposure on its way through the chain; move-only. Rate images have `planes`; after extract_2d the `slits` hold the
/// pixels and `planes` is empty; after extract_1d `spectra` hold the result.
struct Exposure {
  ModelKind kind = ModelKind::image;
  int data_axes = 2;  ///< 3 when the input is a cube of integrations, also of one
  IntegrationBlock block;
  Metadata meta;    ///< primary and SCI keywords of the input, kept up to date by the steps
  Planes planes;
  std::vector<Slit> slits;
  std::vector<Spectrum> spectra;
  IntegrationTimes integration_times;  ///< of the whole exposure, also when only some integrations are held
  /// Transforms of this exposure and, before extract_2d, the WCS of each open slit in its order (`slits` without planes).
  wcs::Arena* arena = nullptr;
  wcs::Wcs wcs;  ///< WCS of the whole image, for modes that have one

  Exposure() = default;
  Exposure(Exposure&&) = default;
  Exposure& operator=(Exposure&&) = default;
  Exposure(const Exposure&) = delete;
  Exposure& operator=(const Exposure&) = delete;

  std::string exp_type() const { return meta.text("EXP_TYPE"); }
  bool has_integrations() const { return data_axes == 3; }
  /// Passes the charges of all planes to `account`.
  void charge_to(Account& account);
  /// An explicit copy, charged to `account`; shares the arena.
  Exposure clone(Account& account) const;
};

}  // namespace spec2
