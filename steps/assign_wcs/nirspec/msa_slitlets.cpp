#include "steps/assign_wcs/nirspec/msa_slitlets.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/slits.hpp"

namespace spec2::assign_wcs::nirspec {

namespace {

constexpr double kPitch = 1.15;   ///< of shutters in y over their open size
constexpr double kMargin = 0.5;
constexpr std::int64_t kShuttersInRow = 365;

using Rows = std::vector<const ShutterRow*>;

bool is_fixed(const ShutterRow& row) { return fixed_slit_number(row.fixed_slit) != 0; }

// Rows of one slitlet together, in the order of their first rows. A fixed slit is known by its name.
std::vector<Rows> slitlets_of(const MsaMetafile& metafile, const MsaSelection& selection) {
  std::vector<Rows> slitlets;
  for (const ShutterRow& row : metafile.shutters) {
    if (row.msa_metadata_id != selection.metadata_id || row.dither_point != selection.dither_point) continue;
    const auto same = [&row](const Rows& rows) {
      const ShutterRow& first = *rows.front();
      return is_fixed(row) ? first.fixed_slit == row.fixed_slit : !is_fixed(first) && first.slitlet_id == row.slitlet_id;
    };
    const auto found = std::find_if(slitlets.begin(), slitlets.end(), same);
    if (found != slitlets.end()) {
      found->push_back(&row);
    } else {
      slitlets.push_back({&row});
    }
  }
  return slitlets;
}

// "1" open, "0" closed, "x" the main shutter, from the lowest to the highest column.
std::string shutter_state(const Rows& rows, std::int64_t main_column) {
  const auto by_column = [](const ShutterRow* a, const ShutterRow* b) { return a->column < b->column; };
  const auto [lowest, highest] = std::minmax_element(rows.begin(), rows.end(), by_column);
  const std::int64_t first = (*lowest)->column;
  std::string state(static_cast<std::size_t>((*highest)->column - first + 1), '0');
  for (const ShutterRow* row : rows) state[static_cast<std::size_t>(row->column - first)] = '1';
  if (main_column >= first && main_column <= (*highest)->column) state[static_cast<std::size_t>(main_column - first)] = 'x';
  return state;
}

class SlitletMaker {
 public:
  SlitletMaker(const MsaMetafile& metafile, const MsaSelection& selection, const Setup& setup, const Log& log)
      : metafile_(metafile), selection_(selection), setup_(setup), log_(log) {}

  /// False for a fixed slit without a primary source, which is left out.
  bool make(const Rows& rows, wcs::SlitDescription& slit) const {
    const auto fixed = std::count_if(rows.begin(), rows.end(), [](const ShutterRow* row) { return is_fixed(*row); });
    const auto primaries = std::count_if(rows.begin(), rows.end(), [](const ShutterRow* row) { return row->primary_source; });
    slit.dither_position = selection_.dither_point;
    if (fixed > 0 && (rows.size() > 1 || static_cast<std::size_t>(fixed) != rows.size())) {
      refuse(rows, "has a fixed slit among its shutters");
    }
    if (fixed > 0) return make_fixed(*rows.front(), primaries == 1, slit);
    slit.name = std::to_string(rows.front()->slitlet_id);
    slit.numeric_name = true;
    slit.slit_id = rows.front()->slitlet_id;
    if (primaries > 1) refuse(rows, "has more than one shutter with a primary source");
    if (primaries == 0) {
      make_background(rows, slit);
    } else {
      make_source(rows, slit);
    }
    slit.shutter_id = static_cast<std::int64_t>(slit.xcen) + (static_cast<std::int64_t>(slit.ycen) - 1) * kShuttersInRow;
    return true;
  }

 private:
  bool make_fixed(const ShutterRow& row, bool primary, wcs::SlitDescription& slit) const {
    if (!primary) {
      log_.warning("fixed slit {} of the MSA metafile is no primary source; it is left out", row.fixed_slit);
      return false;
    }
    slit.name = row.fixed_slit;
    slit.shutter_id = fixed_slit_number(row.fixed_slit) - 1;
    slit.slit_id = fixed_slit_id(row.fixed_slit);
    slit.quadrant = kFixedSlitQuadrant;
    slit.ymin = setup_.slit_y_low;
    slit.ymax = setup_.slit_y_high;
    place(row, slit);
    name_source(row.source_id, row.fixed_slit, slit);
    slit.shutter_state = "x";
    return true;
  }

  void make_background(const Rows& rows, wcs::SlitDescription& slit) const {
    const auto [low, high] = columns(rows);
    const std::int64_t middle = low + (high - low) / 2;
    set_extent(rows, middle, slit);
    slit.quadrant = rows.front()->quadrant;
    slit.xcen = static_cast<double>(rows.front()->row);
    slit.source_id = rows.front()->slitlet_id;
    slit.source_name = fmt::format("{}_BKG{}", selection_.program, slit.name);
    slit.source_alias = fmt::format("BKG{}", slit.name);
    slit.shutter_state = shutter_state(rows, middle);
  }

  void make_source(const Rows& rows, wcs::SlitDescription& slit) const {
    const auto main = std::find_if(rows.begin(), rows.end(), [](const ShutterRow* row) { return !row->background; });
    if (main == rows.end()) refuse(rows, "has a primary source and only background shutters");
    const auto primary = std::find_if(rows.begin(), rows.end(), [](const ShutterRow* row) { return row->primary_source; });
    set_extent(rows, (*main)->column, slit);
    slit.quadrant = (*main)->quadrant;
    slit.xcen = static_cast<double>((*main)->row);
    place(**main, slit);
    name_source((*primary)->source_id, slit.name, slit);
    slit.shutter_state = shutter_state(rows, (*main)->column);
  }

  static std::pair<std::int64_t, std::int64_t> columns(const Rows& rows) {
    std::int64_t low = rows.front()->column, high = low;
    for (const ShutterRow* row : rows) {
      low = std::min(low, row->column);
      high = std::max(high, row->column);
    }
    return {low, high};
  }

  void set_extent(const Rows& rows, std::int64_t main_column, wcs::SlitDescription& slit) const {
    const auto [low, high] = columns(rows);
    slit.ycen = static_cast<double>(main_column);
    slit.ymax = setup_.slit_y_high + kMargin + static_cast<double>(high - main_column) * kPitch;
    slit.ymin = -(-setup_.slit_y_low + kMargin) + static_cast<double>(low - main_column) * kPitch;
  }

  // From the corner of the shutter, as the planning system has it, to fractions from its centre; in single precision, as the
  // column is and as the peer subtracts.
  static void place(const ShutterRow& row, wcs::SlitDescription& slit) {
    const auto from_centre = [](double x) { return std::isnan(x) ? 0.0 : static_cast<double>(static_cast<float>(x) - 0.5f); };
    slit.source_xpos = from_centre(row.source_x);
    slit.source_ypos = from_centre(row.source_y);
  }

  void name_source(std::int64_t source_id, const std::string& slit_name, wcs::SlitDescription& slit) const {
    slit.source_id = source_id;
    const auto found = std::find_if(metafile_.sources.begin(), metafile_.sources.end(),
                                    [source_id](const SourceRow& source) { return source.source_id == source_id; });
    if (found == metafile_.sources.end()) {
      slit.source_name = fmt::format("{}_VRT{}", selection_.program, slit_name);
      slit.source_alias = fmt::format("VRT{}", slit_name);
      log_.warning("source {} is not listed in {}; slit {} gets the virtual source {}", source_id, metafile_.path, slit_name,
                   slit.source_name);
      return;
    }
    slit.source_name = found->name;
    slit.source_alias = found->alias;
    slit.stellarity = found->stellarity;
    slit.source_ra = found->ra_deg;
    slit.source_dec = found->dec_deg;
  }

  [[noreturn]] void refuse(const Rows& rows, const char* problem) const {
    throw Error(ErrorCause::data,
                fmt::format("slitlet {} (MSAMETID {}, dither point {}) {}", rows.front()->slitlet_id, selection_.metadata_id,
                            selection_.dither_point, problem),
                {.file = metafile_.path, .hdu = "SHUTTER_INFO"}, "Correct the MSA metafile");
  }

  const MsaMetafile& metafile_;
  const MsaSelection& selection_;
  const Setup& setup_;
  const Log& log_;
};

}  // namespace

SlitScales slit_scales(const asdf::MsaReference& msa) {
  SlitScales scales{};
  for (int quadrant = 1; quadrant <= 4; ++quadrant) {
    const std::vector<asdf::Opening> first = msa.openings(quadrant, 0, 2);
    const asdf::Opening next_row = msa.opening(quadrant, kShuttersInRow);
    scales[static_cast<std::size_t>(quadrant) - 1] = {(first[1].x_centre - first[0].x_centre) / first[0].x_size,
                                                      next_row.y_centre / first[0].y_size};
  }
  return scales;
}

std::vector<wcs::SlitDescription> open_msa_slitlets(const MsaMetafile& metafile, const MsaSelection& selection,
                                                    const Setup& setup, const SlitScales& scales, const Log& log) {
  constexpr std::array<double, 2> kUnknownScales{1.35, 1.15};
  const SlitletMaker maker(metafile, selection, setup, log);
  std::vector<wcs::SlitDescription> open;
  for (const Rows& rows : slitlets_of(metafile, selection)) {
    wcs::SlitDescription slit;
    if (!maker.make(rows, slit)) continue;
    const bool in_quadrant = slit.quadrant >= 1 && slit.quadrant <= 4;
    const auto& scale = in_quadrant ? scales[static_cast<std::size_t>(slit.quadrant) - 1] : kUnknownScales;
    slit.slit_xscale = scale[0];
    slit.slit_yscale = scale[1];
    open.push_back(std::move(slit));
  }
  return open;
}

}  // namespace spec2::assign_wcs::nirspec
