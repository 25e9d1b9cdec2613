#include "datamodels/io/product_layout.hpp"

#include <algorithm>
#include <array>

namespace spec2::io {
namespace {

constexpr std::array kOrder = {PlaneKind::sci,
                               PlaneKind::dq,
                               PlaneKind::err,
                               PlaneKind::wavelength,
                               PlaneKind::trace_model,
                               PlaneKind::barshadow,
                               PlaneKind::area,
                               PlaneKind::weight,
                               PlaneKind::context,
                               PlaneKind::var_poisson,
                               PlaneKind::var_rnoise,
                               PlaneKind::var_flat,
                               PlaneKind::flatfield_point,
                               PlaneKind::flatfield_uniform,
                               PlaneKind::pathloss_point,
                               PlaneKind::pathloss_uniform,
                               PlaneKind::photom_point,
                               PlaneKind::photom_uniform};

}  // namespace

std::vector<PlaneKind> plane_order(const Planes& planes, ModelKind kind, bool err_has_unit) {
  std::vector<PlaneKind> order;
  for (const PlaneKind each : kOrder) {
    if (planes.has(each)) order.push_back(each);
  }
  if (err_has_unit && kind != ModelKind::multi_slit) {
    const auto dq = std::find(order.begin(), order.end(), PlaneKind::dq);
    const auto err = std::find(order.begin(), order.end(), PlaneKind::err);
    if (dq != order.end() && err != order.end()) std::iter_swap(dq, err);
  }
  return order;
}

bool is_by_integration(PlaneKind kind) {
  return kind == PlaneKind::sci || kind == PlaneKind::dq || kind == PlaneKind::err || kind == PlaneKind::var_poisson ||
         kind == PlaneKind::var_rnoise || kind == PlaneKind::var_flat;
}

std::vector<std::size_t> plane_axes(const Planes& planes, PlaneKind kind, int data_axes) {
  const PlaneShape shape = kind == PlaneKind::dq        ? shape_of(planes.dq)
                           : kind == PlaneKind::context ? shape_of(planes.context)
                                                        : shape_of(planes.float_plane(kind));
  if (kind == PlaneKind::context || (data_axes == 3 && is_by_integration(kind))) {
    return {shape.integrations, shape.rows, shape.columns};
  }
  return {shape.rows, shape.columns};
}

bool has_integration_times(const Exposure& exposure) {
  if (exposure.integration_times.empty()) return false;
  if (exposure.kind == ModelKind::tso_multi_spec) return true;
  return exposure.kind != ModelKind::multi_spec && exposure.kind != ModelKind::multi_slit && exposure.data_axes == 3;
}

std::string_view tree_name(PlaneKind kind) {
  switch (kind) {
    case PlaneKind::sci: return "data";
    case PlaneKind::dq: return "dq";
    case PlaneKind::err: return "err";
    case PlaneKind::wavelength: return "wavelength";
    case PlaneKind::var_poisson: return "var_poisson";
    case PlaneKind::var_rnoise: return "var_rnoise";
    case PlaneKind::var_flat: return "var_flat";
    case PlaneKind::area: return "area";
    case PlaneKind::flatfield_point: return "flatfield_point";
    case PlaneKind::flatfield_uniform: return "flatfield_uniform";
    case PlaneKind::pathloss_point: return "pathloss_point";
    case PlaneKind::pathloss_uniform: return "pathloss_uniform";
    case PlaneKind::photom_point: return "photom_point";
    case PlaneKind::photom_uniform: return "photom_uniform";
    case PlaneKind::barshadow: return "barshadow";
    case PlaneKind::trace_model: return "trace_model";
    case PlaneKind::weight: return "wht";
    case PlaneKind::context: return "con";
    case PlaneKind::wavelength_uniform:
    case PlaneKind::count_: break;
  }
  return "";
}

}  // namespace spec2::io
