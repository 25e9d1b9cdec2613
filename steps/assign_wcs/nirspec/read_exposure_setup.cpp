#include "steps/assign_wcs/nirspec/read_exposure_setup.hpp"

#include <cmath>
#include <filesystem>

#include "core/error.hpp"
#include "datamodels/io/fits_file.hpp"

namespace spec2::assign_wcs::nirspec {

namespace {

double finite(const Metadata& header, const char* keyword) {
  const double value = header.real(keyword);
  if (std::isfinite(value)) return value;
  throw Error(ErrorCause::data, fmt::format("{} is not a finite number", keyword), {.file = header.file(), .keyword = keyword},
              "Correct the pointing in the header of the exposure");
}

std::optional<double> finite_if_given(const Metadata& header, const char* keyword) {
  return header.find_real(keyword) ? std::optional(finite(header, keyword)) : std::nullopt;
}

Pointing read_pointing(const Metadata& header) {
  Pointing pointing;
  pointing.v2_ref_arcsec = finite(header, "V2_REF");
  pointing.v3_ref_arcsec = finite(header, "V3_REF");
  pointing.roll_ref_deg = finite(header, "ROLL_REF");
  pointing.ra_ref_deg = finite(header, "RA_REF");
  pointing.dec_ref_deg = finite(header, "DEC_REF");
  pointing.velocity_aberration_scale = finite_if_given(header, "VA_SCALE");
  return pointing;
}

std::vector<ShutterRow> read_shutters(io::FitsFile& file) {
  constexpr const char* kHdu = "SHUTTER_INFO";
  const auto integers = [&](const char* column) { return file.column_integer(kHdu, 1, column); };
  const auto slitlet = integers("slitlet_id"), id = integers("msa_metadata_id"), quadrant = integers("shutter_quadrant");
  const auto row = integers("shutter_row"), column = integers("shutter_column"), source = integers("source_id");
  const auto dither = integers("dither_point_index");
  const auto background = file.column_text(kHdu, 1, "background"), primary = file.column_text(kHdu, 1, "primary_source");
  const auto x = file.column_real(kHdu, 1, "estimated_source_in_shutter_x"),
             y = file.column_real(kHdu, 1, "estimated_source_in_shutter_y");
  std::vector<std::string> fixed(slitlet.size());
  if (file.has_column(kHdu, 1, "fixed_slit")) fixed = file.column_text(kHdu, 1, "fixed_slit");
  std::vector<ShutterRow> rows(slitlet.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {slitlet[i], id[i], static_cast<int>(quadrant[i]), row[i], column[i], source[i], background[i] == "Y",
               x[i], y[i], dither[i], primary[i] == "Y", fixed[i]};
  }
  return rows;
}

std::vector<SourceRow> read_sources(io::FitsFile& file) {
  constexpr const char* kHdu = "SOURCE_INFO";
  const auto id = file.column_integer(kHdu, 1, "source_id");
  const auto name = file.column_text(kHdu, 1, "source_name"), alias = file.column_text(kHdu, 1, "alias");
  const auto stellarity = file.column_real(kHdu, 1, "stellarity"), ra = file.column_real(kHdu, 1, "ra"),
             dec = file.column_real(kHdu, 1, "dec");
  std::vector<SourceRow> rows(id.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = {id[i], name[i], alias[i], stellarity[i], ra[i], dec[i]};
  return rows;
}

}  // namespace

Setup read_exposure_setup(const Metadata& header) {
  const auto text_or = [&](const char* keyword, const char* otherwise) { return header.find_text(keyword).value_or(otherwise); };
  Setup setup;
  setup.exp_type = header.text("EXP_TYPE");
  setup.detector = header.text("DETECTOR");
  if (setup.detector != "NRS1" && setup.detector != "NRS2") {
    throw Error(ErrorCause::data, "NIRSpec has no detector " + setup.detector, {.file = header.file(), .keyword = "DETECTOR"},
                "The detectors are NRS1 and NRS2");
  }
  setup.grating = text_or("GRATING", "");
  setup.filter = text_or("FILTER", "");
  setup.lamp_state = text_or("LAMP", "");
  setup.lamp_mode = text_or("OPMODE", "");
  setup.subarray = text_or("SUBARRAY", "");
  setup.primary_slit = text_or("FXD_SLIT", "NONE");
  setup.subarray_x_start = static_cast<int>(header.find_integer("SUBSTRT1").value_or(1));
  setup.subarray_y_start = static_cast<int>(header.find_integer("SUBSTRT2").value_or(1));
  setup.gwa_x_tilt = finite_if_given(header, "GWA_XTIL");
  setup.gwa_y_tilt = finite_if_given(header, "GWA_YTIL");
  setup.gwa_temperature_k = finite_if_given(header, "GWA_TILT");
  if (!ends_at_msa(setup)) setup.pointing = read_pointing(header);
  setup.pointing.radial_velocity_m_s = finite_if_given(header, "VELOSYS");
  return setup;
}

MsaConfiguration read_msa_configuration(const Metadata& header) {
  const std::string name = header.find_text("MSAMETFL").value_or("N/A");
  if (name.empty() || name == "N/A") {
    throw Error(ErrorCause::data, "no MSA metafile is named", {.file = header.file(), .keyword = "MSAMETFL"},
                "MSA exposures need their _msa.fits file: put its name in MSAMETFL and the file beside the exposure");
  }
  MsaConfiguration msa;
  msa.metafile.path = (std::filesystem::path(header.file()).parent_path() / std::filesystem::path(name).filename()).string();
  msa.selection.metadata_id = header.integer("MSAMETID");
  msa.selection.dither_point = header.integer("PATT_NUM");
  const std::string program = header.find_text("PROGRAM").value_or("");
  msa.selection.program = program.substr(std::min(program.find_first_not_of('0'), program.size()));
  io::FitsFile file = io::FitsFile::open(msa.metafile.path);
  msa.metafile.shutters = read_shutters(file);
  msa.metafile.sources = read_sources(file);
  return msa;
}

}  // namespace spec2::assign_wcs::nirspec
