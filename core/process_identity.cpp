#include "core/process_identity.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace spec2 {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string("localhost");
}

std::string numbering_of_processes() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  std::array<char, 64> space{};
  const ssize_t length = ::readlink("/proc/self/ns/pid", space.data(), space.size());
  return boot + " " + std::string(space.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
}

struct ProcessState {
  char letter = '?';  ///< 'Z': ended, and not yet looked at by its parent
  std::uint64_t start_ticks = 0;
};

/// Fields 3 and 22 of /proc/<process>/stat; the second one, in parentheses, may hold anything.
ProcessState state_of(long process) {
  std::ostringstream text;
  text << std::ifstream(fmt::format("/proc/{}/stat", process)).rdbuf();
  const std::string line = text.str();
  const std::size_t name_end = line.rfind(')');
  ProcessState state;
  if (name_end == std::string::npos) return state;
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  fields >> state.letter;
  for (int number = 4; number < 22; ++number) fields >> field;
  if (!(fields >> state.start_ticks)) state.start_ticks = 0;
  return state;
}

std::string hashed_host() {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char letter : host_name()) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  return fmt::format("{:08x}", hash);
}

}  // namespace

ProcessIdentity ProcessIdentity::own() {
  return {host_name(), numbering_of_processes(), ::getpid(), state_of(::getpid()).start_ticks};
}

ProcessLife life_of(const ProcessIdentity& identity) {
  if (identity.host != host_name() || identity.numbering != numbering_of_processes() || identity.process <= 0) {
    return ProcessLife::unknown;
  }
  if (::kill(static_cast<pid_t>(identity.process), 0) != 0 && errno == ESRCH) return ProcessLife::ended;
  const ProcessState state = state_of(identity.process);
  const bool is_another = state.start_ticks != 0 && identity.start_ticks != 0 && state.start_ticks != identity.start_ticks;
  return is_another || state.letter == 'Z' ? ProcessLife::ended : ProcessLife::alive;
}

const std::string& machine_tag() {
  static const std::string tag = hashed_host();
  return tag;
}

}  // namespace spec2
