#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spec2::pipeline {

/// The name that a mistyped one most likely means: fewest letters changed, or one of which it is the beginning; empty when
/// none is near.
std::string nearest_name(std::string_view given, const std::vector<std::string>& names);

/// "Did you mean 'x'? " or nothing.
std::string did_you_mean(std::string_view given, const std::vector<std::string>& names);

}  // namespace spec2::pipeline
