#include "pipeline/batch/quoting.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"

namespace spec2::pipeline::batch {
namespace {

std::string replaced(std::string_view text, char letter, std::string_view by) {
  std::string result;
  for (const char c : text) {
    if (c == letter) result += by;
    else result += c;
  }
  return result;
}

/// `$` begins a macro of a submit file, and has a macro itself; two of them begin one that is put in later, and have none.
std::string condor_dollars(std::string_view text) {
  if (text.find("$$") != std::string_view::npos) {
    throw Error(ErrorCause::user_input, fmt::format("a name with $$ cannot be written in a submit file of HTCondor: '{}'", text),
                {}, "Rename the file or folder");
  }
  return replaced(text, '$', "$(DOLLAR)");
}

}  // namespace

void require_one_line(std::string_view text, std::string_view what) {
  const bool has_control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!has_control) return;
  throw Error(ErrorCause::user_input, fmt::format("{} has a line end or another control character: '{}'", what, text), {},
              "Batch systems cannot take such names; rename it");
}

std::string shell_word(std::string_view text) { return fmt::format("'{}'", replaced(text, '\'', "'\\''")); }

std::string shell_command(std::span<const std::string> words) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    const bool is_plain = !word.empty() && word.find_first_not_of(kPlain) == std::string::npos;
    text += is_plain ? word : shell_word(word);
  }
  return text;
}

std::string slurm_file_name(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return replaced(text, '%', "%%");
  throw Error(ErrorCause::user_input, fmt::format("the output folder has a backslash in its name: {}", text), {},
              "Slurm cannot write logs there; choose another --output-dir");
}

std::string condor_value(std::string_view text, std::string_view what) {
  require_one_line(text, what);
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == '\\') {
    throw Error(ErrorCause::user_input, fmt::format("{} cannot be written in a submit file of HTCondor: '{}'", what, text), {},
                "A value neither begins nor ends with a blank, nor ends with a backslash; rename it");
  }
  return condor_dollars(text);
}

std::string condor_arguments(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    require_one_line(word, "an argument");
    if (!text.empty()) text += ' ';
    const bool needs_quotes = word.empty() || word.find_first_of(" '") != std::string::npos;
    const std::string inside = condor_dollars(replaced(replaced(word, '\'', "''"), '"', "\"\""));
    text += needs_quotes ? fmt::format("'{}'", inside) : inside;
  }
  return fmt::format("\"{}\"", text);
}

std::string classad_string(std::string_view text) {
  return fmt::format("\"{}\"", condor_dollars(replaced(replaced(text, '\\', "\\\\"), '"', "\\\"")));
}

}  // namespace spec2::pipeline::batch
