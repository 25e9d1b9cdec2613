#include "steps/extract_1d/integration_times.hpp"

#include <array>

namespace spec2::extract_1d {
namespace {

/// Keywords of the columns of IntegrationTimes::days, in their order.
constexpr std::array kKeywords = {"MJD-BEG", "MJD-AVG", "MJD-END", "TDB-BEG", "TDB-MID", "TDB-END"};
static_assert(kKeywords.size() == IntegrationTimes::kColumns.size());

bool is_time_series(const Exposure& exposure) {
  const Metadata& meta = exposure.meta;
  if (meta.find_integer("NINTS").value_or(2) < 2) return false;
  const MetaValue* const visit = meta.find("TSOVISIT");
  const bool* const flag = visit ? std::get_if<bool>(visit) : nullptr;
  return (flag && *flag) || exposure.exp_type() == "NRS_BRIGHTOBJ";
}

}  // namespace

void set_integration_times(const Exposure& exposure, std::span<Spectrum> spectra, const Log& log) {
  if (!exposure.has_integrations() || spectra.empty() || !is_time_series(exposure)) return;
  const IntegrationTimes& times = exposure.integration_times;
  if (times.empty()) {
    log.warning("there is no INT_TIMES table; the times of the integrations stay empty");
    return;
  }
  const std::size_t total = exposure.block.is_part() ? exposure.block.total : spectra.size();
  if (total > times.size()) {
    log.warning("INT_TIMES has {} rows for {} integrations; the times stay empty", times.size(), total);
    return;
  }
  const std::int64_t start = exposure.meta.find_integer("INTSTART").value_or(1);
  const std::int64_t end = exposure.meta.find_integer("INTEND").value_or(exposure.meta.find_integer("NINTS").value_or(1));
  const std::int64_t first = times.number.front(), last = times.number.back();
  const std::int64_t offset = start - first;
  const bool covered =
      start >= first && end <= last && offset + static_cast<std::int64_t>(total) <= static_cast<std::int64_t>(times.size());
  if (!covered) {
    log.warning("INT_TIMES holds integrations {} to {}, the data are {} to {}; the times stay empty", first, last, start, end);
    return;
  }
  for (std::size_t i = 0; i < spectra.size(); ++i) {
    const std::size_t row = exposure.block.first + i + static_cast<std::size_t>(offset);
    spectra[i].integration = times.number[row];
    for (std::size_t k = 0; k < kKeywords.size(); ++k) spectra[i].meta.set(kKeywords[k], times.days[k][row]);
  }
}

}  // namespace spec2::extract_1d
