#include "core/error.hpp"
#include "wcs/arena.hpp"
#include "wcs/elementary.hpp"

namespace spec2::wcs {

/// Builds inverses as records, by astropy's rules: the inverse set by hand first, else that of the parts.
class ArenaInverter {
 public:
  explicit ArenaInverter(Arena& arena) : arena_(arena) {}

  TransformId build(TransformId id) {
    if (const TransformId set = arena_.custom_inverse(id)) return set;
    const std::vector<TransformId> below = arena_.children(id);
    switch (arena_.kind(id)) {
      case Kind::compose: {
        const TransformId second = build(below[1]);
        return arena_.compose(second, build(below[0]));
      }
      case Kind::concatenate: {
        const TransformId left = build(below[0]);
        return arena_.concatenate(left, build(below[1]));
      }
      case Kind::gwa_to_slit: return arena_.slit_selection_like(Kind::slit_to_gwa, id, build_all(below));
      case Kind::slit_to_msa: return arena_.slit_selection_like(Kind::msa_to_slit, id, build_all(below));
      case Kind::regions_selector: return selector(id, below);
      default: return elementary(id);
    }
  }

 private:
  std::vector<TransformId> build_all(const std::vector<TransformId>& models) {
    std::vector<TransformId> built;
    for (const TransformId model : models) built.push_back(build(model));
    return built;
  }

  TransformId selector(TransformId id, const std::vector<TransformId>& below) {
    const TransformId mapper = arena_.custom_inverse(below[0]);
    if (!mapper) refuse(id);
    const std::vector<TransformId> models = build_all({below.begin() + 1, below.end()});
    const auto p = arena_.parameters(id);
    const std::vector<double> labels(p.begin() + 1, p.end());
    return arena_.regions_selector(mapper, labels, models, p[0], arena_.outputs(id), arena_.inputs(id));
  }

  TransformId elementary(TransformId id) {
    const auto back = elementary_inverse(arena_.kind(id), arena_.inputs(id), arena_.outputs(id), arena_.parameters(id),
                                         arena_.integers(id));
    if (!back) refuse(id);
    return arena_.append(back->kind, back->inputs, back->outputs, back->parameters, back->integers);
  }

  [[noreturn]] void refuse(TransformId id) const {
    throw Error(ErrorCause::internal,
                fmt::format("the transform {} '{}' has no inverse", to_string(arena_.kind(id)), arena_.name(id)));
  }

  Arena& arena_;
};

TransformId Arena::inverse_of(TransformId id) {
  check_open("an inverse");
  return ArenaInverter(*this).build(id);
}

bool Arena::has_inverse(TransformId id) const {
  if (custom_inverse(id)) return true;
  const std::vector<TransformId> below = children(id);
  switch (kind(id)) {
    case Kind::compose:
    case Kind::concatenate:
    case Kind::gwa_to_slit:
    case Kind::slit_to_msa: {
      for (const TransformId child : below) {
        if (!has_inverse(child)) return false;
      }
      return true;
    }
    case Kind::regions_selector: {
      if (!custom_inverse(below[0])) return false;
      for (std::size_t i = 1; i < below.size(); ++i) {
        if (!has_inverse(below[i])) return false;
      }
      return true;
    }
    default: return elementary_inverse(kind(id), inputs(id), outputs(id), parameters(id), integers(id)).has_value();
  }
}

}  // namespace spec2::wcs
