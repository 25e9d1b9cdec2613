#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace spec2 {

/// What an error comes from. Each cause has an exit code of its own (`exit_code`), documented in docs/exit_codes.md.
enum class ErrorCause {
  user_input,   ///< command line, configuration, association
  data,         ///< an exposure or one of its headers or planes
  reference,    ///< a reference file, or none found
  budget,       ///< a memory limit would be passed
  system,       ///< files, disk, permissions
  no_data,      ///< no slit of the exposure falls on the detector
  interrupted,  ///< a signal asked to stop
  internal      ///< a defect of spec2
};

/// Exit code of the process for an error of this cause.
int exit_code(ErrorCause cause) noexcept;
std::string_view to_string(ErrorCause cause) noexcept;

/// Where an error was found; empty members are left out of the message.
struct ErrorPlace {
  std::string file;
  std::string hdu;      ///< "SCI,1"
  std::string keyword;  ///< FITS keyword, column, JSON or configuration key
  int line = 0;         ///< 1-based; 0 for none
  int column = 0;
};

/// The one exception type of spec2: what happened, where, why, and what the user can do about it.
/// The step and the exposure are added by the runner as the error passes through it.
class Error : public std::exception {
 public:
  Error(ErrorCause cause, std::string what, ErrorPlace place = {}, std::string advice = {});

  ErrorCause cause() const noexcept { return cause_; }
  const std::string& problem() const noexcept { return problem_; }
  const ErrorPlace& place() const noexcept { return place_; }
  const std::string& advice() const noexcept { return advice_; }
  const std::string& step() const noexcept { return step_; }
  const std::string& exposure() const noexcept { return exposure_; }

  /// Adds the context unless a deeper frame gave one already.
  void add_context(std::string_view step, std::string_view exposure);

  /// "problem (file X, HDU Y, keyword Z, line L) [step s, exposure e]. advice"
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  void compose();

  ErrorCause cause_;
  std::string problem_;
  ErrorPlace place_;
  std::string advice_;
  std::string step_;
  std::string exposure_;
  std::string text_;
};

}  // namespace spec2
