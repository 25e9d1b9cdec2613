#include "tests/integration/long_series.hpp"

#include <algorithm>

#include "datamodels/io/read_exposure.hpp"
#include "datamodels/io/write_product.hpp"

namespace spec2::test {
namespace {

constexpr std::size_t kRepeated = 10;

void lengthen(IntegrationTimes& times, std::size_t total) {
  times.number.resize(std::min(times.size(), total));
  for (std::size_t i = times.size(); i < total; ++i) times.number.push_back(static_cast<std::int32_t>(i) + 1);
  for (std::vector<double>& column : times.days) {
    const double step = column[1] - column[0];
    column.resize(std::min(column.size(), total));
    while (column.size() < total) column.push_back(column.back() + step);
  }
}

}  // namespace

void repeat_integrations(const std::filesystem::path& rateints, const std::filesystem::path& out, std::size_t total) {
  Account account("long series");
  const io::ExposureHeader header = io::read_header(rateints);
  Exposure exposure;
  exposure.kind = header.kind;
  exposure.data_axes = 3;
  exposure.meta = header.meta;
  io::read_planes(rateints, exposure, std::span(io::kRatePlanes.begin(), io::kRatePlanes.size()), account, 0, kRepeated);
  exposure.meta.set("NINTS", static_cast<std::int64_t>(total));
  exposure.meta.set("INTSTART", std::int64_t{1});
  exposure.meta.set("INTEND", static_cast<std::int64_t>(total));
  lengthen(exposure.integration_times, total);
  exposure.block = {0, total};
  io::SeriesProduct series(exposure, out, {});
  for (std::size_t first = kRepeated; first < total; first += kRepeated) {
    exposure.block.first = first;
    series.append(exposure);
  }
  std::move(series).finish().commit();
}

}  // namespace spec2::test
