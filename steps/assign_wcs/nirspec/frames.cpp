#include "steps/assign_wcs/nirspec/frames.hpp"

namespace spec2::assign_wcs::nirspec {

Frames add_frames(wcs::Arena& arena) {
  using wcs::frame2d;
  const wcs::Frame spectral = wcs::spectral_frame("spectral", 2, "um");
  const auto with_wavelength = [&](const char* name, wcs::Frame spatial) {
    return arena.add_frame(wcs::composite_frame(name, {std::move(spatial), spectral}));
  };
  const wcs::Frame oteip = frame2d("oteip", {"deg", "deg"}, {"X_OTEIP", "Y_OTEIP"});
  Frames frames;
  frames.detector = arena.add_frame(frame2d("detector"));
  frames.sca = arena.add_frame(frame2d("sca"));
  frames.gwa = arena.add_frame(frame2d("gwa", {"rad", "rad"}, {"alpha_in", "beta_in"}));
  frames.slit_frame = with_wavelength("slit_frame", frame2d("slit_spatial", {"", ""}, {"x_slit", "y_slit"}));
  frames.slicer = with_wavelength("slicer", frame2d("slicer_spatial", {"", ""}, {"x_slicer", "y_slicer"}));
  frames.msa_frame = with_wavelength("msa_frame", frame2d("msa_spatial", {"m", "m"}, {"x_msa", "y_msa"}));
  frames.oteip = with_wavelength("oteip", oteip);
  frames.oteip_chromcorr = with_wavelength("oteip_chromcorr", oteip);
  frames.v2v3 = with_wavelength("v2v3", frame2d("v2v3_spatial", {"arcsec", "arcsec"}, {"v2", "v3"}));
  frames.v2v3vacorr = with_wavelength("v2v3vacorr", frame2d("v2v3vacorr_spatial", {"arcsec", "arcsec"}, {"v2", "v3"}));
  frames.world = with_wavelength("world", wcs::celestial_frame("sky"));
  return frames;
}

}  // namespace spec2::assign_wcs::nirspec
