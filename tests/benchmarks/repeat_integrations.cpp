// repeat_integrations RATEINTS OUT TOTAL: a long time series for benchmarks.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/integration/long_series.hpp"

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: repeat_integrations RATEINTS OUT TOTAL\n");
    return 2;
  }
  try {
    spec2::test::repeat_integrations(words[1], words[2], std::strtoul(words[3], nullptr, 10));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
