#pragma once

#include <string>
#include <string_view>

namespace spec2::pipeline {

/// A member of pre_hooks or post_hooks.
struct Hook {
  enum class Kind {
    command,  ///< a program with its arguments
    python    ///< a class or function of the peer: spec2 has no interpreter
  } kind = Kind::command;
  std::string text;
};

/// Tells a command from a Python name ("package.module.Class", "package.function(a=1)"). A name that is also a file, or a
/// program with an ending such as .sh, is a command.
Hook parse_hook(std::string_view text);

}  // namespace spec2::pipeline
