#pragma once

#include <string>

namespace spec2::pipeline::batch {

/// Of a task in the hands of a batch system.
struct JobState {
  enum class Kind { waiting, running, ended };
  Kind kind = Kind::waiting;
  std::string name;    ///< in the words of the batch system: PENDING, OUT_OF_MEMORY, held
  std::string reason;  ///< why it waits or is held
  std::string job;     ///< as the user names it: 123_4
  bool lacked_memory = false;
};

}  // namespace spec2::pipeline::batch
