#include "datamodels/planes.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace spec2 {
namespace {

template <class Set, class Visit>
void visit_all(Set& planes, Visit&& visit) {
  visit(PlaneKind::sci, planes.sci);
  visit(PlaneKind::dq, planes.dq);
  visit(PlaneKind::err, planes.err);
  visit(PlaneKind::wavelength, planes.wavelength);
  visit(PlaneKind::wavelength_uniform, planes.wavelength_uniform);
  visit(PlaneKind::var_poisson, planes.var_poisson);
  visit(PlaneKind::var_rnoise, planes.var_rnoise);
  visit(PlaneKind::var_flat, planes.var_flat);
  visit(PlaneKind::area, planes.area);
  visit(PlaneKind::pathloss_point, planes.pathloss_point);
  visit(PlaneKind::pathloss_uniform, planes.pathloss_uniform);
  visit(PlaneKind::flatfield_point, planes.flatfield_point);
  visit(PlaneKind::flatfield_uniform, planes.flatfield_uniform);
  visit(PlaneKind::photom_point, planes.photom_point);
  visit(PlaneKind::photom_uniform, planes.photom_uniform);
  visit(PlaneKind::barshadow, planes.barshadow);
  visit(PlaneKind::trace_model, planes.trace_model);
  visit(PlaneKind::weight, planes.weight);
  visit(PlaneKind::context, planes.context);
}

}  // namespace

std::string_view purpose_of(PlaneKind kind) noexcept {
  switch (kind) {
    case PlaneKind::sci: return "plane SCI";
    case PlaneKind::dq: return "plane DQ";
    case PlaneKind::err: return "plane ERR";
    case PlaneKind::wavelength: return "plane WAVELENGTH";
    case PlaneKind::wavelength_uniform: return "plane WAVELENGTH_UN";
    case PlaneKind::var_poisson: return "plane VAR_POISSON";
    case PlaneKind::var_rnoise: return "plane VAR_RNOISE";
    case PlaneKind::var_flat: return "plane VAR_FLAT";
    case PlaneKind::area: return "plane AREA";
    case PlaneKind::pathloss_point: return "plane PATHLOSS_PS";
    case PlaneKind::pathloss_uniform: return "plane PATHLOSS_UN";
    case PlaneKind::flatfield_point: return "plane FLATFIELD_PS";
    case PlaneKind::flatfield_uniform: return "plane FLATFIELD_UN";
    case PlaneKind::photom_point: return "plane PHOTOM_PS";
    case PlaneKind::photom_uniform: return "plane PHOTOM_UN";
    case PlaneKind::barshadow: return "plane BARSHADOW";
    case PlaneKind::trace_model: return "plane TRACEMODEL";
    case PlaneKind::weight: return "plane WHT";
    case PlaneKind::context: return "plane CON";
    case PlaneKind::count_: break;
  }
  return "plane";
}

std::string_view extension_name(PlaneKind kind) noexcept {
  constexpr std::size_t kPrefix = std::string_view("plane ").size();
  const std::string_view purpose = purpose_of(kind);
  return purpose.substr(std::min(kPrefix, purpose.size()));
}

bool Planes::has(PlaneKind kind) const {
  bool found = false;
  visit_all(*this, [&](PlaneKind each, const auto& plane) {
    if (each == kind) found = plane.size() != 0;
  });
  return found;
}

FloatPlane& Planes::float_plane(PlaneKind kind) {
  return const_cast<FloatPlane&>(static_cast<const Planes&>(*this).float_plane(kind));
}

const FloatPlane& Planes::float_plane(PlaneKind kind) const {
  const FloatPlane* found = nullptr;
  visit_all(*this, [&](PlaneKind each, const auto& plane) {
    if constexpr (std::is_same_v<std::decay_t<decltype(plane)>, FloatPlane>) {
      if (each == kind) found = &plane;
    }
  });
  if (!found) throw Error(ErrorCause::internal, fmt::format("{} is no float plane", extension_name(kind)));
  return *found;
}

void Planes::charge_to(Account& account) {
  visit_all(*this, [&](PlaneKind kind, auto& plane) {
    if (plane.size() != 0) plane.storage().charge_to(account, purpose_of(kind));
  });
}

Planes Planes::clone(Account& account) const {
  Planes copy;
  copy.sci = clone_plane(sci, account, "plane SCI");
  const auto clone_into = [&](auto& target, const auto& source, std::string_view purpose) {
    if (source.size() != 0) target = clone_plane(source, account, purpose);
  };
  clone_into(copy.dq, dq, "plane DQ");
  clone_into(copy.context, context, "plane CON");
  for (std::size_t i = 0; i < kPlaneKinds; ++i) {
    const auto kind = static_cast<PlaneKind>(i);
    if (kind == PlaneKind::sci || kind == PlaneKind::dq || kind == PlaneKind::context) continue;
    clone_into(copy.float_plane(kind), float_plane(kind), purpose_of(kind));
  }
  return copy;
}

void add_empty_planes(Planes& planes, Account& account) {
  planes.dq = make_plane<std::uint32_t>(account, planes.shape(), "plane DQ");
  planes.err = make_plane<float>(account, planes.shape(), "plane ERR");
}

std::size_t Planes::bytes() const {
  std::size_t total = 0;
  visit_all(*this, [&](PlaneKind, const auto& plane) { total += plane.storage().bytes(); });
  return total;
}

}  // namespace spec2
