#pragma once

#include <span>
#include <vector>

#include "datamodels/exposure.hpp"

namespace spec2::io {

/// Planes in the order in which the peer's model of this kind writes them, those that are there only. An error plane with a
/// unit of its own precedes DQ in models with one image: there the peer meets the unit first.
std::vector<PlaneKind> plane_order(const Planes& planes, ModelKind kind, bool err_has_unit);

/// True for planes with one value for each pixel of each integration; the others hold for all integrations.
bool is_by_integration(PlaneKind kind);

/// Axes of a plane in the file, slowest first.
std::vector<std::size_t> plane_axes(const Planes& planes, PlaneKind kind, int data_axes);

/// True when a product of this exposure holds the INT_TIMES table.
bool has_integration_times(const Exposure& exposure);

/// Name of a plane in the ASDF tree: "data", "flatfield_point", ...
std::string_view tree_name(PlaneKind kind);

}  // namespace spec2::io
