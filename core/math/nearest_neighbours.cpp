#include "core/math/nearest_neighbours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace spec2 {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Binary heap, least key on top. Written out because the place where equal keys go decides which of equally near points
/// are kept.
template <class Value>
class Heap {
 public:
  struct Item {
    double key;
    Value value;
  };
  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  const Item& top() const { return items_.front(); }

  void push(Item item) {
    items_.push_back(item);
    for (std::size_t i = items_.size() - 1; i > 0 && items_[i].key < items_[(i - 1) / 2].key; i = (i - 1) / 2) {
      std::swap(items_[i], items_[(i - 1) / 2]);
    }
  }

  Item pop() {
    const Item first = items_.front();
    items_.front() = items_.back();
    items_.pop_back();
    for (std::size_t i = 0; 2 * i + 1 < items_.size();) {
      std::size_t child = 2 * i + 1;
      if (child + 1 < items_.size() && items_[child].key > items_[child + 1].key) ++child;
      if (!(items_[i].key > items_[child].key)) break;
      std::swap(items_[i], items_[child]);
      i = child;
    }
    return first;
  }

 private:
  std::vector<Item> items_;
};

double outside(double place, double low, double high) { return std::max({0.0, low - place, place - high}); }

/// A part of the plane still to be searched, with the squared distance to it along each axis.
struct Cell {
  std::size_t node = 0;
  std::array<double, 2> sides{};
  double distance = 0.0;
};

}  // namespace

NearestNeighbours::NearestNeighbours(std::vector<GridPoint> points, std::size_t leaf_size)
    : points_(std::move(points)), order_(points_.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  if (points_.empty()) return;
  low_ = high_ = points_.front();
  for (const GridPoint& point : points_) {
    low_ = {std::min(low_.row, point.row), std::min(low_.column, point.column)};
    high_ = {std::max(high_.row, point.row), std::max(high_.column, point.column)};
  }
  build(0, points_.size(), leaf_size);
}

/// The axis along which points spread most (rows when equal), and the least coordinate along it.
std::pair<int, double> NearestNeighbours::widest_axis(std::size_t begin, std::size_t end) const {
  std::array<double, 2> low{kInfinity, kInfinity}, high{-kInfinity, -kInfinity};
  for (std::size_t i = begin; i < end; ++i) {
    for (int axis = 0; axis < 2; ++axis) {
      const auto a = static_cast<std::size_t>(axis);
      low[a] = std::min(low[a], coordinate(order_[i], axis));
      high[a] = std::max(high[a], coordinate(order_[i], axis));
    }
  }
  const int axis = high[1] - low[1] > high[0] - low[0] ? 1 : 0;
  return {axis, low[static_cast<std::size_t>(axis)]};
}

std::size_t NearestNeighbours::build(std::size_t begin, std::size_t end, std::size_t leaf_size) {
  const std::size_t place = nodes_.size();
  nodes_.push_back({.begin = begin, .end = end});
  if (end - begin <= leaf_size) return place;
  const auto [axis, lowest] = widest_axis(begin, end);
  const auto at = [&](std::size_t i) { return order_.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto along = [this, a = axis](std::size_t point) { return coordinate(point, a); };
  const std::size_t middle = begin + (end - begin) / 2;
  std::nth_element(at(begin), at(middle), at(end), [&](std::size_t a, std::size_t b) { return along(a) < along(b); });
  double split = along(order_[middle]);
  auto border = std::partition(at(begin), at(middle), [&](std::size_t point) { return along(point) < split; });
  if (border == at(begin)) {
    split = std::nextafter(lowest, kInfinity);
    border = std::partition(at(begin), at(end), [&](std::size_t point) { return along(point) < split; });
  }
  const auto first_greater = static_cast<std::size_t>(border - order_.begin());
  const std::size_t less = build(begin, first_greater, leaf_size);
  const std::size_t greater = build(first_greater, end, leaf_size);
  Node& node = nodes_[place];
  node.axis = axis;
  node.split = split;
  node.less = less;
  node.greater = greater;
  return place;
}

std::vector<Neighbour> NearestNeighbours::find(GridPoint place, std::size_t count) const {
  if (points_.empty() || count == 0) return {};
  Heap<std::size_t> found;  // farthest on top: keys are negative
  Heap<Cell> later;
  const double dy = outside(place.row, low_.row, high_.row), dx = outside(place.column, low_.column, high_.column);
  Cell cell{0, {dy * dy, dx * dx}, dy * dy + dx * dx};
  double limit = kInfinity;
  while (true) {
    const Node& node = nodes_[cell.node];
    if (node.axis < 0) {
      for (std::size_t i = node.begin; i < node.end; ++i) {
        const GridPoint& point = points_[order_[i]];
        const double y = point.row - place.row, x = point.column - place.column;
        const double distance = y * y + x * x;
        if (!(distance < limit)) continue;
        if (found.size() == count) found.pop();
        found.push({-distance, order_[i]});
        if (found.size() == count) limit = -found.top().key;
      }
      if (later.empty()) break;
      cell = later.pop().value;
      continue;
    }
    if (cell.distance > limit) break;
    const auto axis = static_cast<std::size_t>(node.axis);
    const double offset = (node.axis == 0 ? place.row : place.column) - node.split;
    Cell far = cell;
    cell.node = offset < 0.0 ? node.less : node.greater;
    far.node = offset < 0.0 ? node.greater : node.less;
    far.distance += offset * offset - far.sides[axis];
    far.sides[axis] = offset * offset;
    if (cell.distance > far.distance) std::swap(cell, far);
    if (far.distance <= limit) later.push({far.distance, far});
  }
  std::vector<Neighbour> result(found.size());
  for (std::size_t i = result.size(); i-- > 0;) {
    const auto item = found.pop();
    result[i] = {-item.key, item.value};
  }
  return result;
}

}  // namespace spec2
