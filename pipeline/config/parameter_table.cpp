#include "pipeline/config/parameter_table.hpp"

namespace spec2::pipeline {
namespace {

constexpr ParameterSpec kPipeline[] = {
    {"save_bsub", ParameterType::boolean, "False",
     "Old way to ask for the background-subtracted exposure; use save_results of bkg_subtract"},
    {"fail_on_exception", ParameterType::boolean, "True", "One failed product makes the whole run a failure"},
    {"save_wfss_esec", ParameterType::boolean, "False", "Also write the WFSS image in electrons per second"},
};

constexpr ParameterSpec kAssignWcs[] = {
    {"sip_approx", ParameterType::boolean, "True", "Add a SIP approximation of the WCS to imaging headers"},
    {"sip_max_pix_error", ParameterType::real, "0.01", "Largest error of the forward SIP fit, pixels"},
    {"sip_degree", ParameterType::integer, "None", "Degree of the forward SIP fit; unset: the best one", "", kNoLeast, 6.0},
    {"sip_max_inv_pix_error", ParameterType::real, "0.01", "Largest error of the inverse SIP fit, pixels"},
    {"sip_inv_degree", ParameterType::integer, "None", "Degree of the inverse SIP fit; unset: the best one", "", kNoLeast, 6.0},
    {"sip_npoints", ParameterType::integer, "12", "Points of the grid on which SIP is fitted"},
    {"slit_y_low", ParameterType::real, "-0.55", "Lower end of a NIRSpec slit, in slit units"},
    {"slit_y_high", ParameterType::real, "0.55", "Upper end of a NIRSpec slit, in slit units"},
    {"nrs_ifu_slice_wcs", ParameterType::boolean, "False",
     "One WCS for each NIRSpec IFU slice instead of one for the detector; for diagnosis"},
};

constexpr ParameterSpec kBadpixSelfcal[] = {
    {"flagfrac_lower", ParameterType::real, "0.001", "Fraction of pixels to flag at the faint end", "", 0.0, 0.5},
    {"flagfrac_upper", ParameterType::real, "0.001", "Fraction of pixels to flag at the bright end", "", 0.0, 0.5},
    {"kernel_size", ParameterType::integer, "15", "Width of the median filter along the dispersion, pixels", "", 1.0, kNoMost},
    {"force_single", ParameterType::boolean, "False", "Calibrate on the science exposure alone when there is no other"},
    {"save_flagged_bkg", ParameterType::boolean, "False", "Write the background exposures with their new flags"},
};

constexpr ParameterSpec kCleanFlickerNoise[] = {
    {"autoparam", ParameterType::boolean, "False", "Choose fit and background parameters from the data"},
    {"fit_method", ParameterType::choice, "median", "How the noise is fitted", "fft|median"},
    {"fit_by_channel", ParameterType::boolean, "False", "Fit each amplifier on its own (near-infrared detectors)"},
    {"background_method", ParameterType::choice, "median",
     "How the background is taken off before the fit", "median|model|median_image|None"},
    {"background_box_size", ParameterType::integers, "None", "Box of the background model, x and y pixels", "", 2.0, 2.0},
    {"mask_science_regions", ParameterType::boolean, "False", "Keep regions with science out of the fit"},
    {"apply_flat_field", ParameterType::boolean, "False", "Flat-field before the fit and undo it after"},
    {"n_sigma", ParameterType::real, "2.0", "Clipping level for signal that is no background"},
    {"fit_histogram", ParameterType::boolean, "False", "Take sigma from a fit to the histogram of values"},
    {"single_mask", ParameterType::boolean, "True", "One mask for all integrations"},
    {"user_mask", ParameterType::text, "None", "File with a mask to use"},
    {"save_mask", ParameterType::boolean, "False", "Write the mask"},
    {"save_background", ParameterType::boolean, "False", "Write the fitted background"},
    {"save_noise", ParameterType::boolean, "False", "Write the fitted noise"},
};

constexpr ParameterSpec kBkgSubtract[] = {
    {"bkg_list", ParameterType::forced_list, "None", "Background exposures; not for WFSS and not beside an association"},
    {"save_combined_background", ParameterType::boolean, "False", "Write the combined background"},
    {"sigma", ParameterType::real, "3.0", "Clipping level when backgrounds are combined"},
    {"maxiters", ParameterType::integer, "None", "Clipping iterations; unset: until nothing changes"},
    {"soss_source_percentile", ParameterType::real, "35.0", "Percentile of flux above which a SOSS pixel counts as source"},
    {"soss_bkg_percentile", ParameterType::reals, "None",
     "Percentiles between which the SOSS background is scaled; unset: 25 and 50", "", 2.0, 2.0},
    {"wfss_mmag_extract", ParameterType::real, "None", "Faintest AB magnitude of sources that are masked (WFSS)"},
    {"wfss_mask", ParameterType::text, "None", "File with a source mask (WFSS)"},
    {"wfss_maxiter", ParameterType::integer, "5", "Most iterations of outlier rejection (WFSS)"},
    {"wfss_rms_stop", ParameterType::real, "0.0", "Stop when the RMS improves by less than this percentage (WFSS)"},
    {"wfss_outlier_percent", ParameterType::real, "1.0", "Percentage rejected as outliers in an iteration (WFSS)"},
};

constexpr ParameterSpec kExtract2d[] = {
    {"slit_names", ParameterType::forced_list, "None", "Slits to cut out; unset: all"},
    {"source_ids", ParameterType::forced_list, "None", "Sources to cut out; unset: all"},
    {"source_ra", ParameterType::forced_list, "None", "Right ascensions of sources to cut out, degrees (WFSS)"},
    {"source_dec", ParameterType::forced_list, "None", "Declinations of sources to cut out, degrees (WFSS)"},
    {"source_max_sep", ParameterType::real, "2.0", "Largest distance from source_ra, source_dec, arcsec (WFSS)"},
    {"extract_orders", ParameterType::integers, "None", "Spectral orders to cut out; unset: those of the reference file"},
    {"grism_objects", ParameterType::list, "None", "Objects to cut out, given by a program that calls the step"},
    {"tsgrism_extract_height", ParameterType::integer, "None", "Height of the cutout, pixels (NIRCam time-series grism)"},
    {"wfss_extract_half_height", ParameterType::integer, "5", "Half height of the cutout of a point source, pixels (WFSS)"},
    {"wfss_mmag_extract", ParameterType::real, "None", "Faintest AB magnitude of sources that are cut out (WFSS)"},
    {"wfss_nbright", ParameterType::integer, "1000", "Number of brightest sources that are cut out (WFSS)"},
};

constexpr ParameterSpec kMasterBackgroundMos[] = {
    {"sigma_clip", ParameterType::real, "3.0", "Clipping level when background spectra are combined"},
    {"median_kernel", ParameterType::integer, "1", "Width of the moving median over the background spectrum, channels"},
    {"force_subtract", ParameterType::boolean, "False", "Subtract even if a background was taken off before"},
    {"save_background", ParameterType::boolean, "False", "Write the master background"},
    {"user_background", ParameterType::text, "None", "File with a master background to use"},
    {"inverse", ParameterType::boolean, "False", "Add the background back"},
};

constexpr ParameterSpec kTargCentroid[] = {
    {"ta_file", ParameterType::text, "None", "Target-acquisition image"},
};

constexpr ParameterSpec kFlatField[] = {
    {"save_interpolated_flat", ParameterType::boolean, "False", "Write the flat as it was interpolated for the exposure"},
    {"user_supplied_flat", ParameterType::text, "None", "File with a flat to use instead of all reference flats"},
    {"inverse", ParameterType::boolean, "False", "Take the flat out again"},
};

constexpr ParameterSpec kSrctype[] = {
    {"source_type", ParameterType::choice, "None", "Type of the source, over what the header says", "POINT|EXTENDED"},
};

constexpr ParameterSpec kStraylight[] = {
    {"clean_showers", ParameterType::boolean, "False", "Model and remove what cosmic-ray showers leave"},
    {"shower_plane", ParameterType::integer, "3", "Plane of the regions file that tells slices from gaps"},
    {"shower_x_stddev", ParameterType::real, "18.0", "Standard deviation of the shower model in x, pixels"},
    {"shower_y_stddev", ParameterType::real, "5.0", "Standard deviation of the shower model in y, pixels"},
    {"shower_low_reject", ParameterType::real, "0.1", "Percentile below which pixels are rejected"},
    {"shower_high_reject", ParameterType::real, "99.9", "Percentile above which pixels are rejected"},
    {"save_shower_model", ParameterType::boolean, "False", "Write the shower model"},
};

constexpr ParameterSpec kResidualFringe[] = {
    {"save_intermediate_results", ParameterType::boolean, "False", "Write intermediate results"},
    {"ignore_region_min", ParameterType::list, "None", "Lower ends of wavelength regions to leave alone, micron"},
    {"ignore_region_max", ParameterType::list, "None", "Upper ends of wavelength regions to leave alone, micron"},
};

constexpr ParameterSpec kPathloss[] = {
    {"inverse", ParameterType::boolean, "False", "Take the correction out again"},
    {"source_type", ParameterType::text, "None", "Correct as for this source type (POINT or EXTENDED)"},
    {"user_slit_loc", ParameterType::real, "None", "Offset of the source in the MIRI LRS slit, arcsec"},
};

constexpr ParameterSpec kBarshadow[] = {
    {"inverse", ParameterType::boolean, "False", "Take the correction out again"},
    {"source_type", ParameterType::text, "None", "Correct as for this source type (POINT or EXTENDED)"},
};

constexpr ParameterSpec kWfssContam[] = {
    {"save_simulated_image", ParameterType::boolean, "False", "Write the simulated image of the detector"},
    {"save_contam_images", ParameterType::boolean, "False", "Write the contamination of each source"},
    {"maximum_cores", ParameterType::text, "1", "Processes of the peer; spec2 has --threads"},
    {"orders", ParameterType::list, "None", "Spectral orders to simulate; unset: all"},
    {"magnitude_limit", ParameterType::real, "None", "Faintest isophotal AB magnitude of sources that contaminate"},
    {"wl_oversample", ParameterType::integer, "2", "Oversampling of the wavelength grid"},
    {"max_pixels_per_chunk", ParameterType::integer, "5000", "Most pixels dispersed at once"},
    {"polyfit_degree", ParameterType::integer, "None", "Degree of the polynomial for the shape of a spectrum"},
    {"n_iterations", ParameterType::integer, "1", "Iterations of the correction"},
    {"l2_alpha", ParameterType::real, "0.1", "Strength of the L2 regularisation of the polynomial fit"},
    {"rejection_threshold", ParameterType::real, "0.1", "Fits whose constant term is below this are rejected"},
};

constexpr ParameterSpec kPhotom[] = {
    {"inverse", ParameterType::boolean, "False", "Take the flux calibration out again"},
    {"source_type", ParameterType::text, "None", "Calibrate as for this source type (POINT or EXTENDED)"},
    {"apply_time_correction", ParameterType::boolean, "True",
     "Correct for the change of sensitivity with time where the reference has it"},
};

constexpr ParameterSpec kAdaptiveTraceModel[] = {
    {"fit_threshold", ParameterType::real, "10.0", "Signal to noise from which splines are fitted"},
    {"oversample", ParameterType::real, "1.0", "Factor by which the model oversamples the data"},
    {"slope_limit", ParameterType::real, "0.1", "Slope from which splines are used in oversampling"},
    {"psf_optimal", ParameterType::boolean, "False",
     "Take the target as a plain point source, whatever slope_limit and fit_threshold say"},
    {"save_intermediate_results", ParameterType::boolean, "False", "Write the spline model and its residuals"},
    {"maximum_cores", ParameterType::text, "none", "Processes of the peer; spec2 has --threads"},
};

constexpr ParameterSpec kPixelReplace[] = {
    {"algorithm", ParameterType::choice, "mingrad", "How bad pixels are replaced", "fit_profile|mingrad|trace_model"},
    {"n_adjacent_cols", ParameterType::integer, "3", "Columns on each side that make the profile"},
};

constexpr ParameterSpec kResampleSpec[] = {
    {"pixfrac", ParameterType::real, "1.0", "Side of the shrunk input pixel, in pixels", "", 0.0, 1.0},
    {"kernel", ParameterType::choice, "square", "How flux is spread over output pixels", "square|point"},
    {"fillval", ParameterType::text, "NAN", "Value of output pixels that get nothing"},
    {"weight_type", ParameterType::choice, "ivm", "Weight of input pixels", "ivm|exptime|None"},
    {"output_shape", ParameterType::integers, "None", "Size of the output, x and y pixels", "", 2.0, 2.0},
    {"pixel_scale_ratio", ParameterType::real, "1.0", "Input over output pixel scale along the slit"},
    {"pixel_scale", ParameterType::real, "None", "Output pixel scale along the slit, arcsec"},
    {"output_wcs", ParameterType::text, "", "ASDF file with the WCS of the output"},
    {"single", ParameterType::boolean, "False", "One output grid for each input"},
    {"blendheaders", ParameterType::boolean, "True", "Make the header of the output from those of all inputs"},
    {"in_memory", ParameterType::boolean, "True", "Keep images in memory"},
    {"propagate_dq", ParameterType::boolean, "False", "Carry data-quality flags over"},
};

constexpr ParameterSpec kCubeBuild[] = {
    {"channel", ParameterType::choice, "all", "MRS channels in the cube", "1|2|3|4|all"},
    {"band", ParameterType::choice, "all",
     "MRS bands in the cube", "short|medium|long|short-medium|short-long|medium-short|medium-long|long-short|long-medium|all"},
    {"grating", ParameterType::choice, "all", "NIRSpec gratings in the cube", "prism|g140m|g140h|g235m|g235h|g395m|g395h|all"},
    {"filter", ParameterType::choice, "all", "NIRSpec filters in the cube", "clear|f100lp|f070lp|f170lp|f290lp|all"},
    {"output_type", ParameterType::choice, "band", "What goes into one cube", "band|channel|grating|multi"},
    {"linear_wave", ParameterType::boolean, "True", "Equal steps of wavelength; otherwise those of the reference table"},
    {"scalexy", ParameterType::real, "0.0", "Size of a spaxel, arcsec; 0: that of the reference file"},
    {"scalew", ParameterType::real, "0.0", "Step of wavelength, micron; 0: that of the reference file"},
    {"weighting", ParameterType::choice, "drizzle", "How points are combined into spaxels", "emsm|msm|drizzle"},
    {"coord_system", ParameterType::choice, "skyalign", "Orientation of the cube", "skyalign|world|internal_cal|ifualign"},
    {"ra_center", ParameterType::real, "None", "Right ascension of the centre of the cube, degrees"},
    {"dec_center", ParameterType::real, "None", "Declination of the centre of the cube, degrees"},
    {"cube_pa", ParameterType::real, "None", "Position angle of the cube, degrees east of north"},
    {"nspax_x", ParameterType::integer, "None", "Spaxels along x, an odd number"},
    {"nspax_y", ParameterType::integer, "None", "Spaxels along y, an odd number"},
    {"rois", ParameterType::real, "0.0", "Radius of the region of interest on the sky, arcsec; 0: reference file"},
    {"roiw", ParameterType::real, "0.0", "Radius of the region of interest in wavelength, micron; 0: reference file"},
    {"weight_power", ParameterType::real, "2.0", "Exponent of the modified Shepard weights"},
    {"wavemin", ParameterType::real, "None", "Shortest wavelength of the cube, micron"},
    {"wavemax", ParameterType::real, "None", "Longest wavelength of the cube, micron"},
    {"skip_dqflagging", ParameterType::boolean, "False", "Leave out the flags of spaxels without data"},
    {"offset_file", ParameterType::text, "None", "File with pointing offsets of the exposures"},
    {"debug_spaxel", ParameterType::text, "-1 -1 -1", "Spaxel of which everything is logged: x y z"},
};

constexpr ParameterSpec kExtract1d[] = {
    {"subtract_background", ParameterType::boolean, "None", "Subtract the background; unset: what the reference file says"},
    {"apply_apcorr", ParameterType::boolean, "True", "Apply the aperture correction"},
    {"extraction_type", ParameterType::choice, "box", "Sum in a box or optimal extraction", "box|optimal|None"},
    {"use_source_posn", ParameterType::boolean, "None",
     "Centre on the position of the source; unset: decided by mode and source type"},
    {"position_offset", ParameterType::real, "0.0", "Shift of the aperture across the dispersion, pixels"},
    {"model_nod_pair", ParameterType::boolean, "True", "Model the negative trace of the other nod (optimal extraction)"},
    {"optimize_psf_location", ParameterType::boolean, "True", "Fit the place of the source (optimal extraction)"},
    {"smoothing_length", ParameterType::integer, "None",
     "Width of the smoothing of the background, pixels; unset: reference file"},
    {"bkg_fit", ParameterType::choice, "None", "How the background is fitted; unset: reference file", "poly|mean|median|None"},
    {"bkg_order", ParameterType::integer, "None",
     "Order of the polynomial of the background; unset: reference file", "", 0.0, kNoMost},
    {"log_increment", ParameterType::integer, "50", "Integrations between two progress messages"},
    {"save_profile", ParameterType::boolean, "False", "Write the spatial profile"},
    {"save_scene_model", ParameterType::boolean, "False", "Write the model of the flux"},
    {"save_residual_image", ParameterType::boolean, "False", "Write the residuals of the model"},
    {"center_xy", ParameterType::reals, "None", "Centre of the aperture in a cube, x and y pixels", "", 2.0, 2.0},
    {"ifu_autocen", ParameterType::boolean, "False", "Find the centre of a point source in a cube"},
    {"bkg_sigma_clip", ParameterType::real, "3.0", "Clipping level of the background of a cube"},
    {"ifu_rfcorr", ParameterType::boolean, "True", "Remove residual fringes from the spectrum (MIRI MRS)"},
    {"ifu_set_srctype", ParameterType::choice, "None", "Source type of a cube, over what the header says", "POINT|EXTENDED|None"},
    {"ifu_rscale", ParameterType::real, "None", "Radius of the aperture in units of the PSF width", "", 0.5, 3.0},
    {"ifu_covar_scale", ParameterType::real, "1.0", "Factor on the errors for the covariance of a cube"},
    {"soss_atoca", ParameterType::boolean, "True", "Use the ATOCA algorithm (NIRISS SOSS)"},
    {"soss_threshold", ParameterType::real, "0.01", "Threshold of the aperture profile (NIRISS SOSS)"},
    {"soss_n_os", ParameterType::integer, "2", "Least oversampling of the wavelength grid (NIRISS SOSS)"},
    {"soss_wave_grid_in", ParameterType::input_file, "None", "File with the wavelength grid to use (NIRISS SOSS)"},
    {"soss_wave_grid_out", ParameterType::text, "None", "File for the wavelength grid that was found (NIRISS SOSS)"},
    {"soss_estimate", ParameterType::input_file, "None", "File with a first guess of the spectrum (NIRISS SOSS)"},
    {"soss_rtol", ParameterType::real, "0.0001", "Relative tolerance of the pixel model (NIRISS SOSS)"},
    {"soss_max_grid_size", ParameterType::integer, "20000", "Most points of the wavelength grid (NIRISS SOSS)"},
    {"soss_tikfac", ParameterType::real, "None", "Tikhonov factor; unset: found from the data (NIRISS SOSS)"},
    {"soss_width", ParameterType::real, "40.0", "Width of the aperture, pixels (NIRISS SOSS)"},
    {"soss_bad_pix", ParameterType::choice, "masking", "How bad pixels are treated (NIRISS SOSS)", "model|masking"},
    {"soss_modelname", ParameterType::output_file, "None", "File for the model of the traces (NIRISS SOSS)"},
    {"soss_order_3", ParameterType::boolean, "True", "Extract the third order too (NIRISS SOSS)"},
};

constexpr std::string_view kAssignWcsReferences[] = {"distortion", "filteroffset", "specwcs", "regions",
    "wavelengthrange", "camera", "chromcorr", "collimator", "disperser", "fore", "fpa", "msa", "ote", "ifupost",
    "ifufore", "ifuslicer"};
constexpr std::string_view kMsaFlaggingReferences[] = {"msaoper"};
constexpr std::string_view kCleanFlickerNoiseReferences[] = {"flat", "pastasoss"};
constexpr std::string_view kBkgSubtractReferences[] = {"bkg", "wavelengthrange"};
constexpr std::string_view kExtract2dReferences[] = {"wavelengthrange"};
constexpr std::string_view kTargCentroidReferences[] = {"filteroffset"};
constexpr std::string_view kWavecorrReferences[] = {"wavecorr"};
constexpr std::string_view kFlatFieldReferences[] = {"flat", "fflat", "sflat", "dflat"};
constexpr std::string_view kStraylightReferences[] = {"mrsxartcorr", "regions"};
constexpr std::string_view kFringeReferences[] = {"fringe"};
constexpr std::string_view kResidualFringeReferences[] = {"fringefreq", "regions"};
constexpr std::string_view kPathlossReferences[] = {"pathloss"};
constexpr std::string_view kBarshadowReferences[] = {"barshadow"};
constexpr std::string_view kWfssContamReferences[] = {"photom", "wavelengthrange"};
constexpr std::string_view kPhotomReferences[] = {"photom", "area"};
constexpr std::string_view kCubeBuildReferences[] = {"cubepar"};
constexpr std::string_view kExtract1dReferences[] = {"extract1d", "apcorr", "pastasoss", "specprofile", "speckernel", "psf"};

constexpr StepSpec kFlatFieldStep = {
    .name = "flat_field", .class_name = "FlatFieldStep", .module = "jwst.flatfield.flat_field_step",
    .alias = "flat_field", .parameters = kFlatField, .reference_types = kFlatFieldReferences};
constexpr StepSpec kPathlossStep = {
    .name = "pathloss", .class_name = "PathLossStep", .module = "jwst.pathloss.pathloss_step", .alias = "pathloss",
    .parameters = kPathloss, .reference_types = kPathlossReferences};
constexpr StepSpec kBarshadowStep = {
    .name = "barshadow", .class_name = "BarShadowStep", .module = "jwst.barshadow.barshadow_step", .alias = "barshadow",
    .parameters = kBarshadow, .reference_types = kBarshadowReferences};
constexpr StepSpec kPhotomStep = {
    .name = "photom", .class_name = "PhotomStep", .module = "jwst.photom.photom_step", .alias = "photom",
    .parameters = kPhotom, .reference_types = kPhotomReferences};
constexpr StepSpec kPixelReplaceStep = {
    .name = "pixel_replace", .class_name = "PixelReplaceStep", .module = "jwst.pixel_replace.pixel_replace_step",
    .alias = "pixel_replace", .parameters = kPixelReplace, .skip_by_default = true, .output_use_model = true};
constexpr StepSpec kResampleSpecStep = {
    .name = "resample_spec", .class_name = "ResampleSpecStep", .module = "jwst.resample.resample_spec_step",
    .alias = "resample_spec", .parameters = kResampleSpec};
constexpr StepSpec kExtract1dStep = {
    .name = "extract_1d", .class_name = "Extract1dStep", .module = "jwst.extract_1d.extract_1d_step",
    .alias = "extract_1d", .parameters = kExtract1d, .reference_types = kExtract1dReferences};

/// Steps that run inside master_background_mos, with parameters of their own.
constexpr const StepSpec* kMasterBackgroundMosSteps[] = {&kFlatFieldStep, &kPathlossStep, &kBarshadowStep, &kPhotomStep,
    &kPixelReplaceStep, &kResampleSpecStep, &kExtract1dStep};

constexpr StepSpec kAssignWcsStep = {
    .name = "assign_wcs", .class_name = "AssignWcsStep", .module = "jwst.assign_wcs.assign_wcs_step",
    .alias = "assign_wcs", .parameters = kAssignWcs, .reference_types = kAssignWcsReferences};
constexpr StepSpec kBadpixSelfcalStep = {
    .name = "badpix_selfcal", .class_name = "BadpixSelfcalStep", .module = "jwst.badpix_selfcal.badpix_selfcal_step",
    .alias = "badpix_selfcal", .parameters = kBadpixSelfcal, .skip_by_default = true};
constexpr StepSpec kMsaFlaggingStep = {
    .name = "msa_flagging", .class_name = "MSAFlagOpenStep", .module = "jwst.msaflagopen.msaflagopen_step",
    .alias = "msa_flagging", .reference_types = kMsaFlaggingReferences};
constexpr StepSpec kCleanFlickerNoiseStep = {
    .name = "clean_flicker_noise", .class_name = "CleanFlickerNoiseStep",
    .module = "jwst.clean_flicker_noise.clean_flicker_noise_step", .alias = "clean_flicker_noise",
    .parameters = kCleanFlickerNoise, .reference_types = kCleanFlickerNoiseReferences, .skip_by_default = true};
constexpr StepSpec kBkgSubtractStep = {
    .name = "bkg_subtract", .class_name = "BackgroundStep", .module = "jwst.background.background_step",
    .alias = "bkg_subtract", .parameters = kBkgSubtract, .reference_types = kBkgSubtractReferences};
constexpr StepSpec kImprintSubtractStep = {
    .name = "imprint_subtract", .class_name = "ImprintStep", .module = "jwst.imprint.imprint_step", .alias = "imprint"};
constexpr StepSpec kExtract2dStep = {
    .name = "extract_2d", .class_name = "Extract2dStep", .module = "jwst.extract_2d.extract_2d_step",
    .alias = "extract_2d", .parameters = kExtract2d, .reference_types = kExtract2dReferences};
constexpr StepSpec kMasterBackgroundMosStep = {
    .name = "master_background_mos", .class_name = "MasterBackgroundMosStep",
    .module = "jwst.master_background.master_background_mos_step", .alias = "master_background_mos",
    .parameters = kMasterBackgroundMos, .steps = kMasterBackgroundMosSteps, .output_use_model = true};
constexpr StepSpec kTargCentroidStep = {
    .name = "targ_centroid", .class_name = "TargCentroidStep", .module = "jwst.targ_centroid.targ_centroid_step",
    .alias = "targ_centroid", .parameters = kTargCentroid, .reference_types = kTargCentroidReferences,
    .skip_by_default = true};
constexpr StepSpec kWavecorrStep = {
    .name = "wavecorr", .class_name = "WavecorrStep", .module = "jwst.wavecorr.wavecorr_step", .alias = "wavecorr",
    .reference_types = kWavecorrReferences};
constexpr StepSpec kSrctypeStep = {
    .name = "srctype", .class_name = "SourceTypeStep", .module = "jwst.srctype.srctype_step", .alias = "srctype",
    .parameters = kSrctype};
constexpr StepSpec kStraylightStep = {
    .name = "straylight", .class_name = "StraylightStep", .module = "jwst.straylight.straylight_step",
    .alias = "straylight", .parameters = kStraylight, .reference_types = kStraylightReferences};
constexpr StepSpec kFringeStep = {
    .name = "fringe", .class_name = "FringeStep", .module = "jwst.fringe.fringe_step", .alias = "fringe",
    .reference_types = kFringeReferences};
constexpr StepSpec kResidualFringeStep = {
    .name = "residual_fringe", .class_name = "ResidualFringeStep", .module = "jwst.residual_fringe.residual_fringe_step",
    .alias = "residual_fringe", .parameters = kResidualFringe, .reference_types = kResidualFringeReferences,
    .skip_by_default = true, .suffix = "residual_fringe", .search_output_file = false};
constexpr StepSpec kWfssContamStep = {
    .name = "wfss_contam", .class_name = "WfssContamStep", .module = "jwst.wfss_contam.wfss_contam_step",
    .alias = "wfss_contam", .parameters = kWfssContam, .reference_types = kWfssContamReferences, .skip_by_default = true};
constexpr StepSpec kAdaptiveTraceModelStep = {
    .name = "adaptive_trace_model", .class_name = "AdaptiveTraceModelStep",
    .module = "jwst.adaptive_trace_model.adaptive_trace_model_step", .alias = "adaptive_trace_model",
    .parameters = kAdaptiveTraceModel, .skip_by_default = true, .output_use_model = true};
constexpr StepSpec kCubeBuildStep = {
    .name = "cube_build", .class_name = "CubeBuildStep", .module = "jwst.cube_build.cube_build_step",
    .alias = "cube_build", .parameters = kCubeBuild, .reference_types = kCubeBuildReferences, .output_use_model = true,
    .suffix = "s3d"};

constexpr const StepSpec* kPipelineSteps[] = {
    &kAssignWcsStep, &kBadpixSelfcalStep, &kMsaFlaggingStep, &kCleanFlickerNoiseStep, &kBkgSubtractStep,
    &kImprintSubtractStep, &kExtract2dStep, &kMasterBackgroundMosStep, &kTargCentroidStep, &kWavecorrStep,
    &kFlatFieldStep, &kSrctypeStep, &kStraylightStep, &kFringeStep, &kResidualFringeStep, &kPathlossStep, &kBarshadowStep,
    &kWfssContamStep, &kPhotomStep, &kAdaptiveTraceModelStep, &kPixelReplaceStep, &kResampleSpecStep, &kCubeBuildStep,
    &kExtract1dStep};

constexpr StepSpec kSpec2Pipeline = {.name = "",
                                     .class_name = "Spec2Pipeline",
                                     .module = "jwst.pipeline.calwebb_spec2",
                                     .alias = "calwebb_spec2",
                                     .parameters = kPipeline,
                                     .steps = kPipelineSteps};

/// Parameters that the pipeline and every step have; the defaults of four of them depend on the step.
constexpr ParameterSpec kCommon[] = {
    {"pre_hooks", ParameterType::list, ",", "Commands to run on the input before the step"},
    {"post_hooks", ParameterType::list, ",", "Commands to run on the result after the step"},
    {"output_file", ParameterType::output_file, "None", "Name from which names of products are made"},
    {"output_dir", ParameterType::text, "None", "Folder for products; made when it is missing"},
    {"output_ext", ParameterType::text, ".fits", "Ending of products"},
    {"output_use_model", ParameterType::boolean, "False", "Name products after the file name in their header"},
    {"output_use_index", ParameterType::boolean, "True", "Number several results of a step"},
    {"save_results", ParameterType::boolean, "False", "Write the result of the step"},
    {"skip", ParameterType::boolean, "False", "Leave the step out"},
    {"suffix", ParameterType::text, "None", "Suffix of the product of the step"},
    {"search_output_file", ParameterType::boolean, "True", "Take output_file from the pipeline when the step has none"},
    {"input_dir", ParameterType::text, "None", "Folder of input files"},
};

/// Parameters of a step inside a pipeline.
constexpr ParameterSpec kInside[] = {
    {"config_file", ParameterType::text, "None", "File with parameters of the step; those given here win over it"},
    {"name", ParameterType::text, "", "Name of the step in the log; taken and not used"},
    {"class", ParameterType::text, "", "Class of the step; taken and not used"},
    {"memory_budget", ParameterType::text, "None", "Most memory that the step may allocate, such as 512MiB (spec2 only)"},
};

}  // namespace

const StepSpec& spec2_pipeline() noexcept { return kSpec2Pipeline; }
std::span<const ParameterSpec> common_parameters() noexcept { return kCommon; }
std::span<const ParameterSpec> parameters_inside() noexcept { return kInside; }

}  // namespace spec2::pipeline
