#include "steps/assign_wcs/nirspec/bounding_box.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace spec2::assign_wcs::nirspec {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kWavelengthStep = 1e-10;  // m
/// The trace is smooth over this many steps (some 20 pixels for gratings), so its extremes are found from every 128th point.
constexpr std::size_t kStride = 128;

// One edge of a slit: pixel coordinates at chosen points of the wavelength grid.
class Edge {
 public:
  Edge(wcs::Scratch& scratch, const wcs::Mapper& to_detector, const SpectralRange& range, double y_slit)
      : scratch_(scratch), program_(to_detector), low_(range.low_m), high_(range.high_m), y_slit_(y_slit),
        count_(static_cast<std::size_t>((range.high_m - range.low_m) / kWavelengthStep)) {}

  void widen(TraceBox& box) {
    std::vector<std::size_t> coarse;
    for (std::size_t i = 0; i < count_; i += kStride) coarse.push_back(i);
    if (coarse.back() != count_ - 1) coarse.push_back(count_ - 1);
    evaluate(coarse);
    include(box);
    std::array<std::size_t, 4> extremes{};
    for (std::size_t k = 0; k < coarse.size(); ++k) {
      if (x_[k] < x_[extremes[0]]) extremes[0] = k;
      if (x_[k] > x_[extremes[1]]) extremes[1] = k;
      if (y_[k] < y_[extremes[2]]) extremes[2] = k;
      if (y_[k] > y_[extremes[3]]) extremes[3] = k;
    }
    std::vector<std::size_t> fine;
    for (const std::size_t k : extremes) {
      const std::size_t first = coarse[k > 0 ? k - 1 : 0], last = coarse[std::min(k + 1, coarse.size() - 1)];
      for (std::size_t i = first; i <= last; ++i) fine.push_back(i);
    }
    evaluate(fine);
    include(box);
  }

 private:
  void evaluate(const std::vector<std::size_t>& points) {
    const std::size_t n = points.size();
    // numpy.linspace(low, high, count)
    const double step = (high_ - low_) / static_cast<double>(count_ - 1);
    std::vector<double> x_slit(n, 0.0), y_slit(n, y_slit_), lam(n);
    for (std::size_t k = 0; k < n; ++k) lam[k] = points[k] == count_ - 1 ? high_ : static_cast<double>(points[k]) * step + low_;
    x_.assign(n, 0.0);
    y_.assign(n, 0.0);
    const double* const in[] = {x_slit.data(), y_slit.data(), lam.data()};
    double* const out[] = {x_.data(), y_.data()};
    program_.points(scratch_, in, out, n);
  }

  void include(TraceBox& box) const {
    for (std::size_t k = 0; k < x_.size(); ++k) {
      if (std::isnan(x_[k]) || std::isnan(box.x_min)) box.x_min = box.x_max = kNan;
      if (std::isnan(y_[k]) || std::isnan(box.y_min)) box.y_min = box.y_max = kNan;
      box.x_min = x_[k] < box.x_min ? x_[k] : box.x_min;
      box.x_max = x_[k] > box.x_max ? x_[k] : box.x_max;
      box.y_min = y_[k] < box.y_min ? y_[k] : box.y_min;
      box.y_max = y_[k] > box.y_max ? y_[k] : box.y_max;
    }
  }

  wcs::Scratch& scratch_;
  const wcs::Mapper& program_;
  double low_, high_, y_slit_;
  std::size_t count_;
  std::vector<double> x_, y_;
};

// Comparisons with NaN are false, as in Python's max and min: the limit of the detector stays.
double low_edge(double value, double margin) {
  const double with_margin = value - 1.0 - margin;
  return (with_margin > 0.0 ? with_margin : 0.0) - 0.5;
}
double high_edge(double value, double margin) {
  const double with_margin = value - 1.0 + margin;
  return (with_margin < 2047.0 ? with_margin : 2047.0) + 0.5;
}

bool row_has_wavelength(wcs::Scratch& scratch, const wcs::Mapper& to_slit, const wcs::PixelRange& pixels, std::int64_t row,
                        std::vector<double>& x, std::vector<double>& y, std::vector<double>& lam) {
  std::fill(y.begin(), y.end(), static_cast<double>(row));
  const double* const in[] = {x.data(), y.data()};
  double* const out[] = {nullptr, nullptr, lam.data()};
  to_slit.points(scratch, in, out, pixels.columns());
  return std::any_of(lam.begin(), lam.end(), [](double value) { return std::isfinite(value); });
}

}  // namespace

wcs::BoundingBox TraceBox::box() const {
  return wcs::BoundingBox::xy(low_edge(x_min, 10), high_edge(x_max, 10), low_edge(y_min, 2), high_edge(y_max, 2));
}

TraceBox trace_box(wcs::Scratch& scratch, const wcs::Mapper& to_detector, const SpectralRange& range, double ymin, double ymax) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  TraceBox box{kFar, -kFar, kFar, -kFar};
  Edge(scratch, to_detector, range, ymin).widen(box);
  Edge(scratch, to_detector, range, ymax).widen(box);
  return box;
}

wcs::BoundingBox slit_box(wcs::Scratch& scratch, const wcs::Mapper& to_slit, const wcs::Mapper& to_detector,
                          const SpectralRange& range, double ymin, double ymax) {
  TraceBox trace = trace_box(scratch, to_detector, range, ymin, ymax);
  const wcs::BoundingBox first = trace.box();
  if (!(first.low[0] <= first.high[0] && first.low[1] <= first.high[1])) return first;
  // Only the lowest and the highest row with a wavelength matter, so rows are looked at from both ends.
  const wcs::PixelRange pixels = wcs::pixel_range(first);
  std::vector<double> x(pixels.columns()), y(pixels.columns()), lam(pixels.columns());
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = static_cast<double>(pixels.x_first) + static_cast<double>(k);
  const auto lit = [&](std::int64_t row) { return row_has_wavelength(scratch, to_slit, pixels, row, x, y, lam); };
  std::int64_t low = pixels.y_first, high = pixels.y_last;
  while (low <= high && !lit(low)) ++low;
  if (low > high) return first;
  while (high > low && !lit(high)) --high;
  trace.y_min = static_cast<double>(low);
  trace.y_max = static_cast<double>(high);
  return trace.box();
}

}  // namespace spec2::assign_wcs::nirspec
