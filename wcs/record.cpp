#include "wcs/record.hpp"

namespace spec2::wcs {

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::identity: return "Identity";
    case Kind::mapping: return "Mapping";
    case Kind::shift: return "Shift";
    case Kind::scale: return "Scale";
    case Kind::multiply: return "Multiply";
    case Kind::constant: return "Const1D";
    case Kind::linear1d: return "Linear1D";
    case Kind::polynomial1d: return "Polynomial1D";
    case Kind::polynomial2d: return "Polynomial2D";
    case Kind::chebyshev1d: return "Chebyshev1D";
    case Kind::legendre1d: return "Legendre1D";
    case Kind::chebyshev2d: return "Chebyshev2D";
    case Kind::legendre2d: return "Legendre2D";
    case Kind::affine2d: return "AffineTransformation2D";
    case Kind::rotation2d: return "Rotation2D";
    case Kind::rotation_sequence3d: return "RotationSequence3D";
    case Kind::spherical_to_cartesian: return "SphericalToCartesian";
    case Kind::cartesian_to_spherical: return "CartesianToSpherical";
    case Kind::to_direction_cosines: return "ToDirectionCosines";
    case Kind::from_direction_cosines: return "FromDirectionCosines";
    case Kind::pix2sky_tan: return "Pix2Sky_TAN";
    case Kind::sky2pix_tan: return "Sky2Pix_TAN";
    case Kind::rotate_native2celestial: return "RotateNative2Celestial";
    case Kind::rotate_celestial2native: return "RotateCelestial2Native";
    case Kind::tabular1d: return "Tabular1D";
    case Kind::tabular2d: return "Tabular2D";
    case Kind::logical: return "Logical";
    case Kind::unitless_to_cosines: return "Unitless2DirCos";
    case Kind::cosines_to_unitless: return "DirCos2Unitless";
    case Kind::rotation_to_gwa: return "Rotation3DToGWA";
    case Kind::grating_angles3d: return "AnglesFromGratingEquation3D";
    case Kind::grating_wavelength: return "WavelengthFromGratingEquation (gwcs)";
    case Kind::jwst_grating_angle: return "AngleFromGratingEquation";
    case Kind::jwst_grating_wavelength: return "WavelengthFromGratingEquation";
    case Kind::refraction_index_from_prism: return "RefractionIndexFromPrism";
    case Kind::snell: return "Snell";
    case Kind::snell3d: return "Snell3D";
    case Kind::sellmeier_glass: return "SellmeierGlass";
    case Kind::ideal_to_v2v3: return "IdealToV2V3";
    case Kind::v2v3_to_ideal: return "V2V3ToIdeal";
    case Kind::miri_ab_to_slice: return "MIRI_AB2Slice";
    case Kind::compose: return "compose";
    case Kind::concatenate: return "concatenate";
    case Kind::add: return "add";
    case Kind::subtract: return "subtract";
    case Kind::multiply_by: return "multiply";
    case Kind::divide: return "divide";
    case Kind::power: return "power";
    case Kind::fix_inputs: return "fix_inputs";
    case Kind::gwa_to_slit: return "Gwa2Slit";
    case Kind::slit_to_gwa: return "Slit2Gwa";
    case Kind::slit_to_msa: return "Slit2Msa";
    case Kind::msa_to_slit: return "Msa2Slit";
    case Kind::slit_to_msa_legacy: return "Slit2MsaLegacy";
    case Kind::label_mapper: return "LabelMapper";
    case Kind::label_mapper_array: return "LabelMapperArray";
    case Kind::label_mapper_dict: return "LabelMapperDict";
    case Kind::label_mapper_range: return "LabelMapperRange";
    case Kind::regions_selector: return "RegionsSelector";
  }
  return "unknown transform";
}

}  // namespace spec2::wcs
