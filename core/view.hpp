#pragma once

#include <cassert>
#include <cstddef>

namespace spec2 {

/// A rectangle of values owned by somebody else: `rows` rows of `columns` values, `stride` values from one row to the
/// next. The maths of all steps works on views; `View2<const float>` reads, `View2<float>` writes.
template <class T>
struct View2 {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;

  View2() = default;
  View2(T* first, std::size_t row_count, std::size_t column_count)
      : data(first), rows(row_count), columns(column_count), stride(column_count) {}
  View2(T* first, std::size_t row_count, std::size_t column_count, std::size_t row_stride)
      : data(first), rows(row_count), columns(column_count), stride(row_stride) {}

  /// A view to write is a view to read.
  operator View2<const T>() const { return {data, rows, columns, stride}; }

  bool empty() const { return rows == 0 || columns == 0; }
  std::size_t size() const { return rows * columns; }
  T* row(std::size_t y) const { return data + y * stride; }
  T& operator()(std::size_t y, std::size_t x) const {
    assert(y < rows && x < columns);
    return data[y * stride + x];
  }
  /// The part of `row_count` x `column_count` values from (y0, x0) on; must lie inside.
  View2 part(std::size_t y0, std::size_t x0, std::size_t row_count, std::size_t column_count) const {
    assert(y0 + row_count <= rows && x0 + column_count <= columns);
    return {data + y0 * stride + x0, row_count, column_count, stride};
  }
};

/// A contiguous stack of `count` rectangles: [integration, row, column].
template <class T>
struct View3 {
  T* data = nullptr;
  std::size_t count = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;

  operator View3<const T>() const { return {data, count, rows, columns}; }

  bool empty() const { return count == 0 || rows == 0 || columns == 0; }
  std::size_t size() const { return count * rows * columns; }
  View2<T> operator[](std::size_t integration) const {
    assert(integration < count);
    return {data + integration * rows * columns, rows, columns};
  }
};

}  // namespace spec2
