// Kernels on data of the size of a fixed-slit exposure. Each checks what it made; `peak_bytes` is what the kernel's planes take.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/math/drizzle.hpp"
#include "core/math/interpolation.hpp"
#include "core/math/sigma_clip.hpp"
#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "steps/bkg_subtract/mean_background.hpp"
#include "steps/extract_1d/box_extraction.hpp"
#include "wcs/kernels.hpp"

namespace {

using namespace spec2;

constexpr std::size_t kRows = 256, kColumns = 2048, kPixels = kRows * kColumns;

void report(benchmark::State& state, std::size_t items, std::size_t peak_bytes, bool is_right, const char* what) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * items));
  state.counters["peak_bytes"] = static_cast<double>(peak_bytes);
  if (!is_right) state.SkipWithError(what);
}

/// Blocks of 256 points through one operation of a WCS program.
void wcs_kernel(benchmark::State& state, wcs::kernels::Code code, std::uint32_t size, std::vector<double> parameters,
                double (*expected)(const std::vector<double>&, double, double)) {
  constexpr std::size_t kBlock = 256;
  alignas(64) std::array<double, kBlock> x, y, u{}, v{}, w{};
  for (std::size_t i = 0; i < kBlock; ++i) {
    x[i] = 0.001 * static_cast<double>(i) - 0.1;
    y[i] = 0.05 - 0.0005 * static_cast<double>(i);
  }
  const double* const in[] = {x.data(), y.data()};
  double* const out[] = {u.data(), v.data(), w.data()};
  for (auto _ : state) {
    wcs::kernels::run(code, 0, size, parameters.data(), in, out, kBlock);
    benchmark::DoNotOptimize(u.data());
    benchmark::ClobberMemory();
  }
  bool is_right = true;
  for (std::size_t i = 0; i < kBlock; ++i) is_right &= std::fabs(u[i] - expected(parameters, x[i], y[i])) < 1e-12;
  report(state, kBlock, 5 * sizeof(x), is_right, "a WCS kernel is wrong");
}

double polynomial(const std::vector<double>& c, double x, double y) {
  double sum = 0.0;
  std::size_t k = 0;
  for (int j = 0; j <= 5; ++j) {
    for (int i = 0; i <= 5 - j; ++i) sum += c[k++] * std::pow(x, i) * std::pow(y, j);
  }
  return sum;
}

void wcs_polynomial2d(benchmark::State& state) {
  std::vector<double> c(21);
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = 1.0 / static_cast<double>(i + 1);
  wcs_kernel(state, wcs::kernels::Code::polynomial2d, 5, c, polynomial);
}
BENCHMARK(wcs_polynomial2d);

void wcs_rotate_spherical(benchmark::State& state) {
  wcs_kernel(state, wcs::kernels::Code::rotate_spherical, 0, {1, 0, 0, 0, 1, 0, 0, 0, 1},
             [](const std::vector<double>&, double lon, double) { return lon; });
}
BENCHMARK(wcs_rotate_spherical);

/// Two background exposures (nothing can be clipped), and fourteen of which one value is clipped in each pixel.
void mean_background(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  Account account("mean of backgrounds");
  std::vector<Buffer<float>> values;
  Buffer<float> errors(account, kPixels, "errors");
  Buffer<std::uint32_t> flags(account, kPixels, "flags");
  std::fill(errors.begin(), errors.end(), 0.5f);
  std::vector<bkg_subtract::BackgroundImage> images;
  for (std::size_t n = 0; n < count; ++n) {
    Buffer<float>& value = values.emplace_back(account, kPixels, "background");
    std::fill(value.begin(), value.end(), n == 0 && count > 8 ? 100.0f : 1.0f + 0.001f * static_cast<float>(n % 2));
    images.push_back({{value.data(), 1, kRows, kColumns},
                      {errors.data(), 1, kRows, kColumns},
                      {flags.data(), 1, kRows, kColumns},
                      0,
                      0,
                      kRows,
                      kColumns});
  }
  bkg_subtract::MeanRow row(kColumns);
  for (auto _ : state) {
    for (std::size_t y = 0; y < kRows; ++y) make_mean_row({images, false, {3.0, 0}}, y, row);
  }
  // Of fourteen the first is clipped: seven of the thirteen left are 1.001.
  const double expected = count > 8 ? 1.0 + 0.001 * 7.0 / 13.0 : 1.0005;
  const bool is_right = std::fabs(row.mean[kColumns / 2] - expected) < 1e-6;
  report(state, kPixels, account.peak_bytes(), is_right, "the mean background is wrong");
}
BENCHMARK(mean_background)->Arg(2)->Arg(14)->Unit(benchmark::kMillisecond);

void sigma_clip(benchmark::State& state) {
  std::vector<double> values(15), work(15);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i == 7 ? 1e3 : static_cast<double>(i % 3);
  ClipBounds bounds{};
  for (auto _ : state) {
    work = values;
    bounds = sigma_clip_bounds(work, 3.0, 3.0, 0);
    benchmark::DoNotOptimize(bounds);
  }
  report(state, values.size(), 0, bounds.high < 1e3 && bounds.low <= 0.0 && bounds.high >= 2.0, "the clipping bounds are wrong");
}
BENCHMARK(sigma_clip);

/// A slit shifted by half a pixel both ways: the flux stays.
void drizzle_square(benchmark::State& state) {
  constexpr std::size_t kSlitRows = 64;
  constexpr std::size_t kCount = kSlitRows * kColumns, kOut = (kSlitRows + 1) * (kColumns + 1);
  Account account("drizzle");
  Buffer<double> x(account, kCount, "x"), y(account, kCount, "y");
  Buffer<float> data(account, kCount, "data"), weight(account, kCount, "weights"), total(account, kOut, "total");
  Buffer<drizzle::Lanes> values(account, kOut, "values");
  for (std::size_t i = 0; i < kCount; ++i) {
    x[i] = static_cast<double>(i % kColumns) + 0.5;
    y[i] = static_cast<double>(i / kColumns) + 0.5;
    data[i] = 2.0f;
    weight[i] = 1.0f;
  }
  const drizzle::PixelMap map{{x.data(), kSlitRows, kColumns}, {y.data(), kSlitRows, kColumns}};
  const drizzle::Section section{0, kColumns - 1, 0, kSlitRows - 1};
  drizzle::Image image;
  image.planes[0] = {data.data(), kSlitRows, kColumns};
  image.plane_count = 1;
  image.weight = {weight.data(), kSlitRows, kColumns};
  const drizzle::Canvas canvas{
      {values.data(), kSlitRows + 1, kColumns + 1}, {total.data(), kSlitRows + 1, kColumns + 1}, {}, {}, 1};
  for (auto _ : state) {
    std::fill(values.begin(), values.end(), drizzle::Lanes{});
    std::fill(total.begin(), total.end(), 0.0f);
    const auto reach = drizzle::reach_of(map, section, kSlitRows + 1, kColumns + 1);
    drizzle::add_image(map, image, section, reach, {map, 1, account}, {}, {0, kColumns + 1}, canvas);
  }
  double flux = 0.0;
  for (std::size_t i = 0; i < kOut; ++i) flux += static_cast<double>(values[i][0]) * total[i];
  report(state, kCount, account.peak_bytes(), std::fabs(flux / (2.0 * kCount) - 1.0) < 1e-5, "drizzling loses flux");
}
BENCHMARK(drizzle_square)->Unit(benchmark::kMillisecond);

/// The fast variation of a flat at the wavelength of each pixel.
void flat_interpolation(benchmark::State& state) {
  std::vector<double> wavelength(1000), flat(1000), out(kColumns);
  for (std::size_t i = 0; i < wavelength.size(); ++i) {
    wavelength[i] = 2.8 + 0.0025 * static_cast<double>(i);
    flat[i] = 2.0 * wavelength[i];
  }
  for (auto _ : state) {
    std::size_t hint = 0;
    for (std::size_t x = 0; x < kColumns; ++x) {
      out[x] = interpolate(wavelength, flat, 2.9 + 0.001 * static_cast<double>(x), NAN, NAN, hint);
    }
    benchmark::DoNotOptimize(out.data());
  }
  report(state, kColumns, out.size() * sizeof(double), std::fabs(out[1000] - 7.8) < 1e-9, "the interpolation is wrong");
}
BENCHMARK(flat_interpolation);

void extract_box(benchmark::State& state) {
  constexpr std::size_t kSlitRows = 64;
  Account account("extraction");
  Buffer<float> sci(account, kSlitRows * kColumns, "SCI"), variance(account, kSlitRows * kColumns, "VAR");
  Buffer<double> profile(account, kSlitRows * kColumns, "profile");
  std::fill(sci.begin(), sci.end(), 2.0f);
  std::fill(variance.begin(), variance.end(), 0.25f);
  std::fill(profile.begin() + 20 * kColumns, profile.begin() + 30 * kColumns, 1.0);
  const View2<const float> var(variance.data(), kSlitRows, kColumns);
  extract_1d::ExtractionPlan plan;
  plan.profile = {profile.data(), kSlitRows, kColumns};
  extract_1d::ColumnSums sums;
  for (auto _ : state) sums = extract_1d::extract_box({{sci.data(), kSlitRows, kColumns}, var, var, var}, plan);
  report(state, kSlitRows * kColumns, account.peak_bytes(), std::fabs(sums.flux[100] - 20.0) < 1e-9,
         "the extracted flux is wrong");
}
BENCHMARK(extract_box)->Unit(benchmark::kMillisecond);

}  // namespace
