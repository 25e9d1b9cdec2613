#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/error.hpp"

/// What libFuzzer calls with each input; `replay.cpp` calls it with the files of a corpus. Inputs that are refused with an Error
/// are fine: that is what the readers are for. Anything else ends the program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace spec2::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Runs one reader; a refusal ends it.
template <class Reader>
void expect_refusal_at_most(Reader&& reader) {
  try {
    reader();
  } catch (const Error&) {
  }
}

}  // namespace spec2::fuzz
