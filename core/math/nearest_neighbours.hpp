#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace spec2 {

struct GridPoint {
  double row, column;
};

struct Neighbour {
  double squared_distance;
  std::size_t index;  ///< of the point
};

/// Nearest points in a plane, by a tree of splits. Where more points lie equally far than are asked for, which of them are
/// found follows from the order of the search: it is that of scipy.spatial.cKDTree (1.17, balanced, compact), so that sums
/// over neighbours on a regular grid are the peer's.
class NearestNeighbours {
 public:
  /// Leaves hold up to `leaf_size` points. No two points may be equal.
  explicit NearestNeighbours(std::vector<GridPoint> points, std::size_t leaf_size = 10);

  /// The `count` nearest points (all, when there are fewer), nearest first.
  std::vector<Neighbour> find(GridPoint place, std::size_t count) const;

 private:
  struct Node {
    std::size_t begin = 0, end = 0;    ///< places in order_
    int axis = -1;                     ///< 0 row, 1 column; -1: a leaf
    double split = 0.0;
    std::size_t less = 0, greater = 0; ///< places in nodes_
  };

  double coordinate(std::size_t point, int axis) const { return axis == 0 ? points_[point].row : points_[point].column; }
  std::size_t build(std::size_t begin, std::size_t end, std::size_t leaf_size);
  std::pair<int, double> widest_axis(std::size_t begin, std::size_t end) const;

  std::vector<GridPoint> points_;
  std::vector<std::size_t> order_;
  std::vector<Node> nodes_;
  GridPoint low_{}, high_{};
};

}  // namespace spec2
