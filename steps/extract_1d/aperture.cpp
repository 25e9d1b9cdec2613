#include "steps/extract_1d/aperture.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace spec2::extract_1d {
namespace {

/// Smoothing lengths are odd and at least 3, or 0.
int odd_length(double length) {
  int whole = static_cast<int>(std::nearbyint(length));
  if (whole < 3) return 0;
  return whole % 2 == 0 ? whole - 1 : whole;
}

BackgroundFit parse_fit(const std::string& text) {
  if (text == "median") return BackgroundFit::median;
  if (text == "poly" || text == "mean") return BackgroundFit::polynomial;
  throw Error(ErrorCause::reference, fmt::format("bkg_fit '{}' is not known", text), {.keyword = "bkg_fit"},
              "Use poly, mean or median");
}

void set_background(ApertureSettings& settings, const Extract1dReference::Aperture& aperture, const Extract1dConfig& config) {
  settings.subtract_background = config.subtract_background.value_or(aperture.bkg_coeff.has_value());
  int order = static_cast<int>(config.bkg_order.value_or(aperture.bkg_order.value_or(0)));
  if (settings.subtract_background) {
    const bool given = config.bkg_fit && *config.bkg_fit != "None";
    const std::string fit = given ? *config.bkg_fit : aperture.bkg_fit.value_or("poly");
    settings.background_fit = parse_fit(fit);
    if (given && fit == "mean") order = 0;
  }
  settings.background_order = order;
  settings.smoothing_length =
      odd_length(config.smoothing_length ? static_cast<double>(*config.smoothing_length) : aperture.smoothing_length);
}

double polynomial(const std::vector<double>& coefficients, double x) {
  double value = 0.0;
  for (std::size_t i = coefficients.size(); i-- > 0;) value = value * x + coefficients[i];
  return value;
}

/// Weight of row y for limits [lower, upper]: 1 inside, the covered part at the edges.
void add_weight(double& weight, double y, double lower, double upper, bool allow_partial) {
  if (y >= lower && y <= upper) weight = 1.0;
  if (!allow_partial) return;
  for (const double partial : {y - lower + 1.0, upper - y + 1.0}) {
    if (partial > 0.0 && partial < 1.0 && weight < partial) weight = partial;
  }
}

struct Shape {
  std::size_t rows, columns;
};

void fill_by_limits(BoxProfile& profile, const ApertureSettings& settings, const Extract1dReference::Polynomials& limits,
                    Region region, View2<const double> wavelength) {
  const bool partial = !(region == Region::background && settings.background_fit == BackgroundFit::median);
  bool first = true;
  for (std::size_t pair = 0; pair + 1 < limits.size(); pair += 2) {
    double lower_sum = 0.0, upper_sum = 0.0;
    for (std::size_t y = 0; y < wavelength.rows; ++y) {
      for (std::size_t x = 0; x < wavelength.columns; ++x) {
        const double at = settings.limits_by_wavelength ? wavelength(y, x) : static_cast<double>(x);
        const double lower = polynomial(limits[pair], at) + 0.5, upper = polynomial(limits[pair + 1], at) - 0.5;
        lower_sum += lower;
        upper_sum += upper;
        add_weight(profile.weights[y * wavelength.columns + x], static_cast<double>(y), lower, upper, partial);
      }
    }
    const double count = static_cast<double>(wavelength.rows * wavelength.columns);
    const double lower = lower_sum / count, upper = upper_sum / count;
    profile.lower = first || lower < profile.lower ? lower : profile.lower;
    profile.upper = first || upper > profile.upper ? upper : profile.upper;
    first = false;
  }
}

void fill_by_trace(BoxProfile& profile, double width, const std::vector<double>& trace, Shape shape) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t x = 0; x < shape.columns; ++x) {
    const double lower = trace[x] - (width - 1.0) / 2.0;
    if (std::isnan(lower)) continue;
    sum += lower;
    ++count;
    for (std::size_t y = 0; y < shape.rows; ++y) {
      add_weight(profile.weights[y * shape.columns + x], static_cast<double>(y), lower, lower + width - 1.0, true);
    }
  }
  profile.lower = sum / static_cast<double>(count);
  profile.upper = profile.lower + width - 1.0;
}

void fill_evenly(BoxProfile& profile, double lower, double upper, Shape shape) {
  profile.lower = lower;
  profile.upper = upper;
  for (std::size_t y = 0; y < shape.rows; ++y) {
    double weight = 0.0;
    add_weight(weight, static_cast<double>(y), lower, upper, true);
    std::fill_n(profile.weights.begin() + static_cast<std::ptrdiff_t>(y * shape.columns), shape.columns, weight);
  }
}

}  // namespace

std::optional<ApertureSettings> aperture_settings(const Extract1dReference* reference, const Extract1dConfig& config,
                                                  const std::string& slit, int order, std::size_t rows, std::size_t columns,
                                                  bool is_point, bool knows_position) {
  ApertureSettings settings;
  settings.xstop = static_cast<double>(columns) - 1.0;
  settings.ystop = static_cast<double>(rows) - 1.0;
  if (!reference) return settings;
  bool has_slit = false;
  for (const Extract1dReference::Aperture& aperture : reference->apertures) {
    const bool fits = !aperture.id.empty() && aperture.id != "dummy" && (aperture.id == slit || aperture.id == "ANY");
    if (!fits || aperture.region_type != "target") continue;
    has_slit = true;
    if (aperture.spectral_order && *aperture.spectral_order != order) continue;
    settings.xstart = aperture.xstart.value_or(settings.xstart);
    settings.xstop = aperture.xstop.value_or(settings.xstop);
    settings.ystart = aperture.ystart.value_or(settings.ystart);
    settings.ystop = aperture.ystop.value_or(settings.ystop);
    settings.width = aperture.extract_width;
    settings.source_limits = aperture.src_coeff;
    settings.background_limits = aperture.bkg_coeff;
    settings.limits_by_wavelength = aperture.independent_var.starts_with("wavelength");
    settings.use_source_position = config.use_source_posn.value_or(is_point && aperture.use_source_posn.value_or(knows_position));
    settings.position_offset = config.position_offset;
    set_background(settings, aperture, config);
    return settings;
  }
  if (!has_slit) {
    throw Error(ErrorCause::reference, fmt::format("the extract1d reference has no aperture for slit {}", slit),
                {.keyword = "apertures"}, "Choose another file with --override extract1d=file");
  }
  return std::nullopt;
}

void shift_aperture(ApertureSettings& settings, double offset) {
  for (auto* limits : {&settings.source_limits, &settings.background_limits}) {
    if (!*limits) continue;
    for (auto& coefficients : **limits) coefficients[0] += offset;
  }
  settings.ystart += offset;
  settings.ystop += offset;
}

BoxProfile box_profile(const ApertureSettings& settings, Region region, View2<const double> wavelength,
                       const std::vector<double>& trace) {
  const Shape shape{wavelength.rows, wavelength.columns};
  BoxProfile profile{std::vector<double>(shape.rows * shape.columns, 0.0)};
  const auto& limits = region == Region::source ? settings.source_limits : settings.background_limits;
  if (limits) {
    fill_by_limits(profile, settings, *limits, region, wavelength);
  } else if (settings.width && !trace.empty()) {
    fill_by_trace(profile, *settings.width, trace, shape);
  } else if (settings.width) {
    const double lower = (settings.ystart + settings.ystop) / 2.0 - (*settings.width - 1.0) / 2.0;
    fill_evenly(profile, lower, lower + *settings.width - 1.0, shape);
  } else {
    fill_evenly(profile, settings.ystart, settings.ystop, shape);
  }
  const auto first = static_cast<std::size_t>(std::clamp(std::ceil(settings.xstart), 0.0, static_cast<double>(shape.columns)));
  const auto end =
      static_cast<std::size_t>(std::clamp(std::floor(settings.xstop) + 1.0, 0.0, static_cast<double>(shape.columns)));
  for (std::size_t y = 0; y < shape.rows; ++y) {
    double* const row = profile.weights.data() + y * shape.columns;
    std::fill(row, row + first, 0.0);
    std::fill(row + end, row + shape.columns, 0.0);
  }
  return profile;
}

double column_center(const BoxProfile& profile, std::size_t rows, std::size_t columns, std::size_t column) {
  double sum = 0.0, weighted = 0.0, plain = 0.0;
  for (std::size_t y = 0; y < rows; ++y) {
    const double weight = std::max(profile.weights[y * columns + column], 0.0);
    sum += weight;
    weighted += weight * static_cast<double>(y);
    plain += static_cast<double>(y);
  }
  return sum > 0.0 ? weighted / sum : plain / static_cast<double>(rows);
}

}  // namespace spec2::extract_1d
