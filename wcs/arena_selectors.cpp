#include <fmt/ranges.h>

#include "core/error.hpp"
#include "wcs/arena.hpp"

namespace spec2::wcs {

namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(ErrorCause::reference, problem, {}, "The transform read from a reference file is damaged or of an unknown form");
}

constexpr std::uint32_t kNumericName = 1, kSlice = 2;

}  // namespace

TransformId Arena::compose(TransformId first, TransformId second) {
  if (outputs(first) != inputs(second)) {
    refuse(fmt::format("{} '{}' gives {} values to {} '{}', which takes {}", to_string(kind(first)), name(first), outputs(first),
                       to_string(kind(second)), name(second), inputs(second)));
  }
  return append(Kind::compose, inputs(first), outputs(second), {}, {first.index, second.index});
}

TransformId Arena::compose(std::initializer_list<TransformId> chain) {
  TransformId result;
  for (const TransformId next : chain) result = result ? compose(result, next) : next;
  return result;
}

TransformId Arena::concatenate(TransformId left, TransformId right) {
  return append(Kind::concatenate, inputs(left) + inputs(right), outputs(left) + outputs(right), {}, {left.index, right.index});
}

TransformId Arena::concatenate(std::initializer_list<TransformId> row) {
  TransformId result;
  for (const TransformId next : row) result = result ? concatenate(result, next) : next;
  return result;
}

TransformId Arena::arithmetic(Kind kind, TransformId left, TransformId right) {
  if (kind < Kind::add || kind > Kind::power) {
    throw Error(ErrorCause::internal, fmt::format("{} is no arithmetic", to_string(kind)));
  }
  if (inputs(left) != inputs(right) || outputs(left) != outputs(right)) {
    refuse(fmt::format("{} of transforms with {} -> {} and {} -> {} values", to_string(kind), inputs(left), outputs(left),
                       inputs(right), outputs(right)));
  }
  return append(kind, inputs(left), outputs(left), {}, {left.index, right.index});
}

TransformId Arena::fix_inputs(TransformId transform, std::span<const FixedInput> fixed) {
  std::vector<std::uint32_t> kept{check(transform)};
  std::vector<double> values;
  for (const FixedInput& entry : fixed) {
    if (entry.input < 0 || entry.input >= inputs(transform)) {
      refuse(fmt::format("input {} of '{}' is fixed, it has {}", entry.input, name(transform), inputs(transform)));
    }
    kept.push_back(static_cast<std::uint32_t>(entry.input));
    values.push_back(entry.value);
  }
  return append(Kind::fix_inputs, inputs(transform) - static_cast<int>(fixed.size()), outputs(transform), values, kept);
}

TransformId Arena::slit_selection(Kind kind, std::span<const SlitDescription> slits, std::span<const TransformId> models) {
  check_open("a list of slits");
  if (slits.size() != models.size()) {
    refuse(fmt::format("{} lists {} slits and {} models", to_string(kind), slits.size(), models.size()));
  }
  const auto first = static_cast<std::uint32_t>(slits_.size());
  for (const SlitDescription& slit : slits) {
    const double numbers[] = {static_cast<double>(slit.shutter_id),
                              static_cast<double>(slit.dither_position),
                              slit.xcen,
                              slit.ycen,
                              slit.ymin,
                              slit.ymax,
                              static_cast<double>(slit.quadrant),
                              static_cast<double>(slit.source_id),
                              slit.stellarity,
                              slit.source_xpos,
                              slit.source_ypos,
                              slit.source_ra,
                              slit.source_dec,
                              slit.slit_xscale,
                              slit.slit_yscale,
                              static_cast<double>(slit.slit_id)};
    SlitRecord record;
    record.name = add_text(slit.name);
    record.shutter_state = add_text(slit.shutter_state);
    record.source_name = add_text(slit.source_name);
    record.source_alias = add_text(slit.source_alias);
    record.first_number = static_cast<std::uint32_t>(parameters_.append(numbers));
    record.flags = (slit.numeric_name ? kNumericName : 0) | (slit.is_slice ? kSlice : 0);
    slits_.push(record);
  }
  std::vector<std::uint32_t> kept{first};
  for (const TransformId model : models) kept.push_back(check(model));
  const int n_inputs = kind == Kind::gwa_to_slit || kind == Kind::slit_to_gwa ? 4 : 3;
  const int n_outputs = kind == Kind::slit_to_msa_legacy ? 2 : n_inputs;
  return append(kind, n_inputs, n_outputs, {}, kept);
}

TransformId Arena::slit_selection_like(Kind kind, TransformId other, std::span<const TransformId> models) {
  if (models.size() != slit_count(other)) refuse("a list of slit models has another length than its list of slits");
  std::vector<std::uint32_t> kept{integers(other)[0]};
  for (const TransformId model : models) kept.push_back(check(model));
  const int n_inputs = kind == Kind::gwa_to_slit || kind == Kind::slit_to_gwa ? 4 : 3;
  const int n_outputs = kind == Kind::slit_to_msa_legacy ? 2 : n_inputs;
  return append(kind, n_inputs, n_outputs, {}, kept);
}

std::size_t Arena::slit_count(TransformId id) const {
  const Kind what = kind(id);
  if (what < Kind::gwa_to_slit || what > Kind::slit_to_msa_legacy) {
    throw Error(ErrorCause::internal, fmt::format("{} '{}' has no list of slits", to_string(what), name(id)));
  }
  return integers(id).size() - 1;
}

SlitDescription Arena::slit(TransformId id, std::size_t i) const {
  if (i >= slit_count(id)) throw Error(ErrorCause::internal, "a slit behind the end of the list was asked for");
  const SlitRecord& record = slits_[integers(id)[0] + i];
  const double* number = parameters_.data() + record.first_number;
  SlitDescription slit;
  slit.name = text(record.name);
  slit.shutter_state = text(record.shutter_state);
  slit.source_name = text(record.source_name);
  slit.source_alias = text(record.source_alias);
  slit.shutter_id = static_cast<std::int64_t>(number[0]);
  slit.dither_position = static_cast<std::int64_t>(number[1]);
  slit.xcen = number[2];
  slit.ycen = number[3];
  slit.ymin = number[4];
  slit.ymax = number[5];
  slit.quadrant = static_cast<std::int64_t>(number[6]);
  slit.source_id = static_cast<std::int64_t>(number[7]);
  slit.stellarity = number[8];
  slit.source_xpos = number[9];
  slit.source_ypos = number[10];
  slit.source_ra = number[11];
  slit.source_dec = number[12];
  slit.slit_xscale = number[13];
  slit.slit_yscale = number[14];
  slit.slit_id = static_cast<std::int64_t>(number[15]);
  slit.numeric_name = (record.flags & kNumericName) != 0;
  slit.is_slice = (record.flags & kSlice) != 0;
  return slit;
}

TransformId Arena::slit_model(TransformId id, std::size_t i) const {
  if (i >= slit_count(id)) throw Error(ErrorCause::internal, "a slit behind the end of the list was asked for");
  return at(integers(id)[i + 1]);
}

std::size_t Arena::find_slit(TransformId id, double slit_id) const {
  std::vector<double> known;
  for (std::size_t i = 0; i < slit_count(id); ++i) {
    const SlitRecord& record = slits_[integers(id)[0] + i];
    known.push_back(parameters_[record.first_number + 15]);
    if (known.back() == slit_id) return i;
  }
  throw Error(ErrorCause::data, fmt::format("no slit with id {} in this WCS; it has {}", slit_id, fmt::join(known, ", ")));
}

TransformId Arena::label_mapper(TransformId mapper, TransformId inputs_mapping, double no_label, int inputs) {
  return append(Kind::label_mapper, inputs, outputs(mapper), {no_label}, {check(mapper), inputs_mapping.index});
}

TransformId Arena::label_mapper_array(int rows, int columns, std::span<const std::uint16_t> labels) {
  check_open("a map of labels");
  if (rows < 0 || columns < 0 || labels.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns)) {
    refuse(fmt::format("a map of labels of {} x {} pixels has {} values", rows, columns, labels.size()));
  }
  const auto first = static_cast<std::uint32_t>(labels_.append(labels));
  return append(Kind::label_mapper_array, 2, 1, {},
                {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(columns), first});
}

std::span<const std::uint16_t> Arena::labels(TransformId id) const {
  const auto k = integers(id);
  return {labels_.data() + k[2], std::size_t{k[0]} * k[1]};
}

TransformId Arena::label_mapper_dict(std::span<const double> keys, std::span<const TransformId> models, double absolute_tolerance,
                                     TransformId inputs_mapping, double no_label, int inputs) {
  if (keys.size() != models.size()) refuse("a label mapper has not as many models as keys");
  std::vector<double> kept{no_label, absolute_tolerance};
  kept.insert(kept.end(), keys.begin(), keys.end());
  std::vector<std::uint32_t> below{inputs_mapping.index};
  for (const TransformId model : models) below.push_back(check(model));
  return append(Kind::label_mapper_dict, inputs, 1, kept, below);
}

TransformId Arena::label_mapper_range(std::span<const std::pair<double, double>> ranges, std::span<const TransformId> models,
                                      TransformId inputs_mapping, double no_label, int inputs) {
  if (ranges.size() != models.size()) refuse("a label mapper has not as many models as ranges");
  std::vector<double> kept{no_label};
  for (const auto& [low, high] : ranges) kept.insert(kept.end(), {low, high});
  std::vector<std::uint32_t> below{inputs_mapping.index};
  for (const TransformId model : models) below.push_back(check(model));
  return append(Kind::label_mapper_range, inputs, 1, kept, below);
}

TransformId Arena::regions_selector(TransformId mapper, std::span<const double> labels, std::span<const TransformId> models,
                                    double undefined_value, int inputs, int outputs) {
  if (labels.size() != models.size()) refuse("a region selector has not as many models as labels");
  std::vector<double> kept{undefined_value};
  kept.insert(kept.end(), labels.begin(), labels.end());
  std::vector<std::uint32_t> below{check(mapper)};
  for (const TransformId model : models) below.push_back(check(model));
  return append(Kind::regions_selector, inputs, outputs, kept, below);
}

std::vector<TransformId> Arena::children(TransformId id) const {
  const auto k = integers(id);
  std::size_t first = 0, last = 0;
  switch (kind(id)) {
    case Kind::compose:
    case Kind::concatenate:
    case Kind::add:
    case Kind::subtract:
    case Kind::multiply_by:
    case Kind::divide:
    case Kind::power:
    case Kind::label_mapper_dict:
    case Kind::label_mapper_range:
    case Kind::label_mapper:
    case Kind::regions_selector: last = k.size(); break;
    case Kind::fix_inputs: last = 1; break;
    case Kind::gwa_to_slit:
    case Kind::slit_to_gwa:
    case Kind::slit_to_msa:
    case Kind::msa_to_slit:
    case Kind::slit_to_msa_legacy: first = 1, last = k.size(); break;
    default: break;
  }
  std::vector<TransformId> found;
  for (std::size_t i = first; i < last; ++i) found.push_back(k[i] == Record::kNone ? TransformId{} : at(k[i]));
  return found;
}

}  // namespace spec2::wcs
