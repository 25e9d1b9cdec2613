// CRDS mappings: the literals, the rules built from them, and a choice.
#include "pipeline/crds/mapping.hpp"
#include "pipeline/crds/reference_rules.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spec2::pipeline;
  spec2::fuzz::expect_refusal_at_most([&] {
    const Mapping mapping = parse_mapping(spec2::fuzz::text_of(data, size), "fuzz.rmap", ChecksumPolicy::ignore);
    spec2::fuzz::expect_refusal_at_most([&] { context_entries(mapping); });
    const ReferenceRules rules(mapping);
    HeaderValues header;
    header.set("META.INSTRUMENT.NAME", "NIRSPEC");
    header.set("META.EXPOSURE.TYPE", "NRS_FIXEDSLIT");
    header.set("META.INSTRUMENT.DETECTOR", "NRS1");
    header.set("META.OBSERVATION.DATE", "2024-02-10");
    header.set("META.OBSERVATION.TIME", "06:01:43.680");
    rules.choose(header);
  });
  return 0;
}
