// Associations: JSON, YAML, and what is neither.
#include "pipeline/association/association.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spec2::pipeline;
  spec2::fuzz::expect_refusal_at_most([&] { parse_association(spec2::fuzz::text_of(data, size), "folder/fuzz_asn.json"); });
  return 0;
}
