// Golden values: scipy.spatial.cKDTree (1.17.1), leafsize 10, query(k = 10). All distances tie with others, so the order
// of the search decides.
#include "core/math/nearest_neighbours.hpp"

#include <gtest/gtest.h>

namespace spec2 {
namespace {

/// A grid of 5 x 12 points with a hole: columns 3 to 8 below the first row.
std::vector<GridPoint> grid_with_hole() {
  std::vector<GridPoint> points;
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 12; ++x) {
      if (y == 0 || x < 3 || x > 8) points.push_back({static_cast<double>(y), static_cast<double>(x)});
    }
  }
  return points;
}

std::vector<std::size_t> indices(const std::vector<Neighbour>& neighbours) {
  std::vector<std::size_t> result;
  for (const Neighbour& one : neighbours) result.push_back(one.index);
  return result;
}

TEST(NearestNeighbours, TakesThePeersPointsAmongEquallyNearOnes) {
  const NearestNeighbours tree(grid_with_hole());
  EXPECT_EQ(indices(tree.find({2, 5}, 10)), (std::vector<std::size_t>{5, 6, 4, 3, 7, 20, 26, 14, 32, 2}));
  EXPECT_EQ(indices(tree.find({4, 4}, 10)), (std::vector<std::size_t>{32, 26, 20, 31, 25, 19, 14, 30, 4, 3}));
  EXPECT_EQ(indices(tree.find({1, 8}, 10)), (std::vector<std::size_t>{15, 8, 21, 7, 9, 16, 27, 10, 22, 6}));
}

TEST(NearestNeighbours, DistancesRise) {
  const NearestNeighbours tree(grid_with_hole());
  std::vector<double> distances;
  for (const Neighbour& one : tree.find({2, 5}, 10)) distances.push_back(one.squared_distance);
  EXPECT_EQ(distances, (std::vector<double>{4, 5, 5, 8, 8, 9, 10, 10, 13, 13}));
}

TEST(NearestNeighbours, FewerPointsThanAskedFor) {
  EXPECT_EQ(NearestNeighbours({{1, 1}, {0, 5}}).find({0, 0}, 10).size(), 2u);
  EXPECT_TRUE(NearestNeighbours({}).find({0, 0}, 10).empty());
}

}  // namespace
}  // namespace spec2
