#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "pipeline/config/config_tree.hpp"

namespace spec2::pipeline {

/// Reads the ConfigObj form of parameter files (2017 and later): `key = value`, sections whose depth is their number of
/// brackets, lists by commas, quotes, triple quotes over lines, comments. Values stay text or lists of text and are not
/// interpolated. Throws Error(user_input) with the line. Source: configobj 5 as it comes with stpipe 1.1.0.
ConfigValue parse_configobj(std::string_view text, const std::filesystem::path& file);

/// One value as it stands behind `=` or on the command line: unquoted, a list where it has commas, without its comment.
/// Nothing when quotes or commas do not make a value.
std::optional<ConfigValue> parse_config_value(std::string_view text);

/// Replaces `%(key)s` in all texts by that key's value, looked for in the same section, its DEFAULT subsection and the
/// sections around it. Throws Error(user_input) for a missing key or a circle.
void interpolate(ConfigValue& tree);

}  // namespace spec2::pipeline
