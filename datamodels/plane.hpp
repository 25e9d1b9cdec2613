#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include <xtensor/xtensor.hpp>

#include "core/memory/buffer.hpp"
#include "core/view.hpp"

namespace spec2 {

/// A stack of detector-like images, [integration, row, column]; images of one integration have shape {1, rows, columns}.
/// Move-only; the bytes are charged to the account it was made with. An empty plane (size 0) means "not there".
template <class T>
using Plane = xt::xtensor_container<Buffer<T>, 3>;
using FloatPlane = Plane<float>;
using DqPlane = Plane<std::uint32_t>;

/// Integrations, rows, columns.
struct PlaneShape {
  std::size_t integrations = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t size() const { return integrations * rows * columns; }
  bool operator==(const PlaneShape&) const = default;
};

template <class T>
PlaneShape shape_of(const Plane<T>& plane) {
  return {plane.shape(0), plane.shape(1), plane.shape(2)};
}

/// A plane over this storage, which has its size.
template <class T>
Plane<T> plane_over(Buffer<T> storage, PlaneShape shape) {
  using Shape = typename Plane<T>::inner_shape_type;
  using Strides = typename Plane<T>::inner_strides_type;
  const Shape extent{shape.integrations, shape.rows, shape.columns};
  // xtensor's convention: the stride along an axis of length 1 is 0.
  const Strides strides{static_cast<std::ptrdiff_t>(shape.integrations == 1 ? 0 : shape.rows * shape.columns),
                        static_cast<std::ptrdiff_t>(shape.rows == 1 ? 0 : shape.columns),
                        static_cast<std::ptrdiff_t>(shape.columns == 1 ? 0 : 1)};
  return Plane<T>(std::move(storage), Shape(extent), Strides(strides));
}

/// A plane of zeros. Throws Error(budget) before allocating when the account cannot hold it.
template <class T>
Plane<T> make_plane(Account& account, PlaneShape shape, std::string_view purpose) {
  return plane_over(Buffer<T>(account, shape.size(), purpose), shape);
}

/// The same with values left unset, for planes that are filled at once.
template <class T>
Plane<T> make_unset_plane(Account& account, PlaneShape shape, std::string_view purpose) {
  return plane_over(Buffer<T>(account, shape.size(), purpose, typename Buffer<T>::NotFilled()), shape);
}

template <class T>
Plane<T> clone_plane(const Plane<T>& plane, Account& account, std::string_view purpose) {
  Plane<T> copy = make_unset_plane<T>(account, shape_of(plane), purpose);
  std::copy_n(plane.data(), plane.size(), copy.data());
  return copy;
}

/// Views of a whole plane and of its first integration.
template <class T>
View3<T> view3(Plane<T>& plane) {
  return {plane.data(), plane.shape(0), plane.shape(1), plane.shape(2)};
}
template <class T>
View3<const T> view3(const Plane<T>& plane) {
  return {plane.data(), plane.shape(0), plane.shape(1), plane.shape(2)};
}
template <class T>
View2<T> view2(Plane<T>& plane) {
  return view3(plane)[0];
}
template <class T>
View2<const T> view2(const Plane<T>& plane) {
  return view3(plane)[0];
}

}  // namespace spec2
