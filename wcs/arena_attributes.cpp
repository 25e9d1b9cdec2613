#include <fmt/ranges.h>

#include "core/error.hpp"
#include "wcs/arena.hpp"

namespace spec2::wcs {

// Texts are kept with a terminating zero, named by the position of their first character.
std::uint32_t Arena::add_text(std::string_view text) {
  const auto at = static_cast<std::uint32_t>(texts_.append({text.data(), text.size()}));
  texts_.push('\0');
  return at;
}

std::string_view Arena::text(std::uint32_t at) const { return at == Record::kNone ? std::string_view() : texts_.data() + at; }

void Arena::set_name(TransformId id, std::string_view name) {
  check_open("a name of a transform");
  const std::uint32_t at = add_text(name);
  writable(id).name = at;
}

std::string_view Arena::name(TransformId id) const { return text(record(id).name); }

// The inverse may take more values than the transform gives: NIRSpec's fore optics go back with the wavelength beside the two
// angles they give. So no counts are compared here.
void Arena::set_inverse(TransformId id, TransformId inverse) {
  const std::uint32_t back = check(inverse);
  writable(id).inverse = back;
}

int Arena::inverse_inputs(TransformId id) const {
  if (const TransformId set = custom_inverse(id)) return inputs(set);
  const auto below = children(id);
  switch (kind(id)) {
    case Kind::compose: return inverse_inputs(below[1]);
    case Kind::concatenate: return inverse_inputs(below[0]) + inverse_inputs(below[1]);
    default: return outputs(id);
  }
}

void Arena::clear_inverse(TransformId id) { writable(id).inverse = Record::kNone; }

TransformId Arena::custom_inverse(TransformId id) const {
  const std::uint32_t index = record(id).inverse;
  return index == Record::kNone ? TransformId{} : at(index);
}

std::uint32_t Arena::add_names(TransformId id, std::span<const std::string_view> names, int expected, const char* side) {
  check_open("names of a transform");
  if (static_cast<int>(names.size()) != expected) {
    throw Error(ErrorCause::reference, fmt::format("{} '{}' has {} {}, not {} ({})", to_string(kind(id)), name(id), expected,
                                                   side, names.size(), fmt::join(names, ", ")));
  }
  std::vector<std::uint32_t> places;
  for (const std::string_view name : names) places.push_back(add_text(name));
  return static_cast<std::uint32_t>(integers_.append(places));
}

void Arena::set_input_names(TransformId id, std::span<const std::string_view> names) {
  const std::uint32_t first = add_names(id, names, inputs(id), "inputs");
  writable(id).input_names = first;
}

void Arena::set_output_names(TransformId id, std::span<const std::string_view> names) {
  const std::uint32_t first = add_names(id, names, outputs(id), "outputs");
  writable(id).output_names = first;
}

void Arena::set_input_names(TransformId id, std::initializer_list<std::string_view> names) {
  set_input_names(id, std::span(names.begin(), names.size()));
}

void Arena::set_output_names(TransformId id, std::initializer_list<std::string_view> names) {
  set_output_names(id, std::span(names.begin(), names.size()));
}

std::vector<std::string_view> Arena::names(std::uint32_t first, int count) const {
  std::vector<std::string_view> found;
  if (first == Record::kNone) return found;
  for (int i = 0; i < count; ++i) found.push_back(text(integers_[first + static_cast<std::uint32_t>(i)]));
  return found;
}

std::vector<std::string_view> Arena::input_names(TransformId id) const { return names(record(id).input_names, inputs(id)); }
std::vector<std::string_view> Arena::output_names(TransformId id) const { return names(record(id).output_names, outputs(id)); }

void Arena::set_bounding_box(TransformId id, const BoundingBox& box) {
  check_open("a bounding box");
  std::vector<double> kept{static_cast<double>(box.axes)};
  for (std::uint32_t i = 0; i < box.axes; ++i) {
    kept.push_back(box.low[i]);
    kept.push_back(box.high[i]);
  }
  const auto first = static_cast<std::uint32_t>(parameters_.append(kept));
  writable(id).box = first;
}

BoundingBox Arena::bounding_box(TransformId id) const {
  const std::uint32_t first = record(id).box;
  BoundingBox box;
  if (first == Record::kNone) return box;
  box.axes = static_cast<std::uint32_t>(parameters_[first]);
  for (std::uint32_t i = 0; i < box.axes; ++i) {
    box.low[i] = parameters_[first + 1 + 2 * i];
    box.high[i] = parameters_[first + 2 + 2 * i];
  }
  return box;
}

std::uint32_t Arena::add_slit_boxes(std::span<const SlitBox> boxes) {
  check_open("bounding boxes of slits");
  std::vector<double> kept;
  for (const SlitBox& entry : boxes) {
    kept.insert(kept.end(), {entry.slit_id, entry.box.low[0], entry.box.high[0], entry.box.low[1], entry.box.high[1]});
  }
  return static_cast<std::uint32_t>(parameters_.append(kept));
}

std::vector<Arena::SlitBox> Arena::slit_boxes(std::uint32_t first, std::uint32_t count) const {
  std::vector<SlitBox> boxes;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double* p = parameters_.data() + first + std::size_t{5} * i;
    boxes.push_back({p[0], BoundingBox::xy(p[1], p[2], p[3], p[4])});
  }
  return boxes;
}

TransformId Arena::copy(TransformId id) {
  check_open("a copy of a transform");
  const Record same = record(id);
  return {static_cast<std::uint32_t>(records_.push(same)), generation_};
}

FrameId Arena::add_frame(Frame frame) {
  check_open("a new frame");
  frames_.push_back(std::move(frame));
  return {static_cast<std::uint32_t>(frames_.size() - 1), generation_};
}

const Frame& Arena::frame(FrameId id) const {
  if (id.generation != generation_ || id.index >= frames_.size()) {
    throw Error(ErrorCause::internal, "a stale or null frame was used");
  }
  return frames_[id.index];
}

std::span<const double> Arena::parameters(TransformId id) const {
  const Record& r = record(id);
  return {parameters_.data() + r.first_parameter, r.parameter_count};
}

std::span<const std::uint32_t> Arena::integers(TransformId id) const {
  const Record& r = record(id);
  return {integers_.data() + r.first_integer, r.integer_count};
}

}  // namespace spec2::wcs
