#pragma once

#include <cstdint>
#include <string>

namespace spec2 {

/// A process among those of all machines that share a disk. Its number alone is not enough: machines and containers have their
/// own numbers, and the number of an ended process is given to another one.
struct ProcessIdentity {
  std::string host;
  std::string numbering;  ///< within which numbers are unique: the boot of the machine and the name space
  long process = 0;
  std::uint64_t start_ticks = 0;  ///< of the process, since the boot; 0 when it is not known

  bool operator==(const ProcessIdentity&) const = default;
  static ProcessIdentity own();
};

/// `unknown`: it is, or was, on another machine.
enum class ProcessLife { alive, ended, unknown };

ProcessLife life_of(const ProcessIdentity& identity);

/// Eight hexadecimal digits that stand for the name of this machine in names of files.
const std::string& machine_tag();

}  // namespace spec2
