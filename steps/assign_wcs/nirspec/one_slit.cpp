#include "core/error.hpp"
#include "steps/assign_wcs/nirspec/slit_pipeline.hpp"

namespace spec2::assign_wcs::nirspec {

using wcs::Arena;
using wcs::TransformId;

namespace {

// fix_inputs(transform, {id}) | Mapping without the id, both ways (_fix_slit_name of the peer). `id_in` and `id_out` are the
// places of the id among inputs and outputs; in the inverse it is first or last likewise.
TransformId without_id(Arena& arena, TransformId transform, double slit_id, int id_in, int id_out) {
  const auto drop = [&arena](int count, int at) {
    std::vector<int> kept;
    for (int i = 0; i < count; ++i) {
      if (i != at) kept.push_back(i);
    }
    const TransformId mapping = arena.mapping(kept, count);
    arena.set_inverse(mapping, arena.identity(count - 1));
    return mapping;
  };
  const Arena::FixedInput forth[] = {{id_in, slit_id}};
  const int outputs = arena.outputs(transform);
  const TransformId fixed = arena.compose(arena.fix_inputs(transform, forth), drop(outputs, id_out));
  const TransformId inverse = arena.inverse_of(transform);
  const Arena::FixedInput back[] = {{id_out == 0 ? 0 : arena.inputs(inverse) - 1, slit_id}};
  const int inverse_outputs = arena.outputs(inverse);
  arena.set_inverse(fixed,
                    arena.compose(arena.fix_inputs(inverse, back), drop(inverse_outputs, id_in == 0 ? 0 : inverse_outputs - 1)));
  arena.set_name(fixed, arena.name(transform));
  std::vector<std::string_view> names = arena.output_names(transform);
  const std::vector<std::string> kept_names(names.begin(), names.end());
  std::vector<std::string_view> new_names;
  for (int i = 0; i < outputs; ++i) {
    if (i != id_out) new_names.push_back(kept_names[static_cast<std::size_t>(i)]);
  }
  arena.set_output_names(fixed, new_names);
  return fixed;
}

}  // namespace

wcs::Wcs one_slit_wcs(Arena& arena, const wcs::Wcs& all, double slit_id) {
  wcs::Wcs one;
  for (const wcs::Wcs::Step& step : all.frames()) {
    const TransformId transform = step.transform;
    if (!transform) {
      wcs::add_step(one, step.frame, {});
      continue;
    }
    const std::string name(arena.name(transform));
    if (name == "gwa2slit") {
      const TransformId model = arena.copy(arena.slit_model(transform, arena.find_slit(transform, slit_id)));
      arena.set_name(model, name);
      arena.set_input_names(model, {"angle1", "angle2", "angle3"});
      arena.set_output_names(model, {"x_slit", "y_slit", "lam"});
      wcs::add_step(one, step.frame, model);
    } else if (name == "slit2msa" || name == "slit2slicer") {
      const TransformId selection = arena.children(arena.children(transform)[0])[0];
      const TransformId model =
          arena.concatenate(arena.slit_model(selection, arena.find_slit(selection, slit_id)), arena.identity(1));
      arena.set_name(model, name);
      arena.set_input_names(model, {"x_slit", "y_slit", "lam"});
      if (name == "slit2msa") arena.set_output_names(model, {"x_msa", "y_msa", "lam"});
      else arena.set_output_names(model, {"x_slice", "y_slice", "lam"});
      wcs::add_step(one, step.frame, model);
    } else {
      const auto outputs = arena.output_names(transform);
      const int id_out = !outputs.empty() && outputs.front() == "name" ? 0 : arena.outputs(transform) - 1;
      wcs::add_step(one, step.frame, without_id(arena, transform, slit_id, arena.inputs(transform) - 1, id_out));
    }
  }
  for (const Arena::SlitBox& entry : arena.slit_boxes(all.first_slit_box, all.slit_box_count)) {
    if (entry.slit_id == slit_id) one.bounding_box = entry.box;
  }
  return one;
}

}  // namespace spec2::assign_wcs::nirspec
