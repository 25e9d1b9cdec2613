#pragma once

#include <span>
#include <string>
#include <string_view>

namespace spec2::pipeline::batch {

/// Refuses, as Error(user_input), a path or word that cannot stand in a file of lines: one with a line end or another control
/// character. `what` says what it is.
void require_one_line(std::string_view text, std::string_view what);

/// A word of the shell that stands for itself, whatever is in it.
std::string shell_word(std::string_view text);
std::string shell_command(std::span<const std::string> words);

/// A name of a file for sbatch's --output, where % begins a replacement. Throws Error(user_input) for a backslash, which
/// switches all replacements off.
std::string slurm_file_name(std::string_view text);

/// A value of a submit file of HTCondor: `$` begins a macro there. Throws Error(user_input) for what has no form in it: blanks at
/// the ends, a backslash at the end, two dollars in a row.
std::string condor_value(std::string_view text, std::string_view what);
/// `arguments` in HTCondor's new syntax, in double quotes.
std::string condor_arguments(std::span<const std::string> words);
/// A string of a ClassAd, in double quotes.
std::string classad_string(std::string_view text);

}  // namespace spec2::pipeline::batch
