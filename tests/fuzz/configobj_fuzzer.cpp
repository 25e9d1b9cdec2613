// Parameter files in ConfigObj and ASDF form, and what is made of their values.
#include "pipeline/config/parameter_file.hpp"
#include "pipeline/config/parameter_set.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spec2::pipeline;
  spec2::fuzz::expect_refusal_at_most([&] {
    const ParameterFile file = parse_parameter_file(spec2::fuzz::text_of(data, size), "fuzz.cfg", ParameterOrigin::file);
    ParameterSet::resolve(file.step ? *file.step : spec2_pipeline(), file.tree).to_cfg(DumpScope::changed);
  });
  return 0;
}
