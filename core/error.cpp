#include "core/error.hpp"

#include <utility>
#include <vector>

namespace spec2 {

int exit_code(ErrorCause cause) noexcept {
  switch (cause) {
    case ErrorCause::user_input: return 2;
    case ErrorCause::data: return 3;
    case ErrorCause::reference: return 4;
    case ErrorCause::budget: return 5;
    case ErrorCause::system: return 6;
    case ErrorCause::no_data: return 64;
    case ErrorCause::interrupted: return 130;
    case ErrorCause::internal: return 70;
  }
  return 70;
}

std::string_view to_string(ErrorCause cause) noexcept {
  switch (cause) {
    case ErrorCause::user_input: return "user input";
    case ErrorCause::data: return "data";
    case ErrorCause::reference: return "reference";
    case ErrorCause::budget: return "memory budget";
    case ErrorCause::system: return "system";
    case ErrorCause::no_data: return "no data on the detector";
    case ErrorCause::interrupted: return "interrupted";
    case ErrorCause::internal: return "internal";
  }
  return "internal";
}

Error::Error(ErrorCause cause, std::string what, ErrorPlace place, std::string advice)
    : cause_(cause), problem_(std::move(what)), place_(std::move(place)), advice_(std::move(advice)) {
  compose();
}

void Error::add_context(std::string_view step, std::string_view exposure) {
  if (step_.empty()) step_ = step;
  if (exposure_.empty()) exposure_ = exposure;
  compose();
}

void Error::compose() {
  std::vector<std::string> where;
  if (!place_.file.empty()) where.push_back("file " + place_.file);
  if (!place_.hdu.empty()) where.push_back("HDU " + place_.hdu);
  if (!place_.keyword.empty()) where.push_back((place_.hdu.empty() ? "key " : "keyword ") + place_.keyword);
  if (place_.line > 0) {
    where.push_back(place_.column > 0 ? fmt::format("line {} column {}", place_.line, place_.column)
                                      : fmt::format("line {}", place_.line));
  }
  if (!step_.empty()) where.push_back("step " + step_);
  if (!exposure_.empty()) where.push_back("exposure " + exposure_);
  text_ = problem_;
  if (!where.empty()) text_ += fmt::format(" ({})", fmt::join(where, ", "));
  if (!advice_.empty()) text_ += ". " + advice_;
}

}  // namespace spec2
