#pragma once

#include <string>
#include <vector>

#include "core/file_checksum.hpp"
#include "core/parallel.hpp"
#include "pipeline/association/association.hpp"
#include "pipeline/runner/run_record.hpp"

namespace spec2::pipeline {

/// The inputs of a product, summed by threads with nothing else to do while it is made: the system has them in memory then.
class InputSums {
 public:
  /// Members that are not there are left out; who reads them says so.
  InputSums(const Product& product, const Parallel& parallel);

  /// Sums what is left and fills the checksums in. An input that changed meanwhile gets none: what was read of it is not known.
  void complete(std::vector<RecordedFile>& inputs);

 private:
  struct Sum {
    std::string path;
    FileState state;
    ChecksumAhead checksum;
  };
  std::vector<Sum> sums_;
};

}  // namespace spec2::pipeline
