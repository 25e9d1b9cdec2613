#include "pipeline/runner/input_sums.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace spec2::pipeline {
namespace {

bool is_input(MemberType type) {
  return type == MemberType::science || type == MemberType::background || type == MemberType::selfcal;
}

}  // namespace

InputSums::InputSums(const Product& product, const Parallel& parallel) {
  for (const Member& member : product.members) {
    if (!is_input(member.type)) continue;
    try {
      sums_.push_back({recorded_path(member.file), file_state(member.file), ChecksumAhead(member.file, parallel)});
    } catch (const Error&) {
      // Not there.
    }
  }
}

void InputSums::complete(std::vector<RecordedFile>& inputs) {
  for (RecordedFile& input : inputs) {
    const auto found = std::find_if(sums_.begin(), sums_.end(), [&](const Sum& sum) { return sum.path == input.path; });
    if (found == sums_.end()) continue;
    try {
      std::string checksum = found->checksum.finish();
      if (found->state == input.state && file_state(input.path) == input.state) input.checksum = std::move(checksum);
    } catch (const Error&) {
      // Someone took it away: without a checksum the product is done again.
    }
  }
}

}  // namespace spec2::pipeline
