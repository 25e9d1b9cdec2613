#include "pipeline/workers/channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "core/error.hpp"

namespace spec2::pipeline {

std::pair<Channel, Channel> Channel::make_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw Error(ErrorCause::system, "cannot reach a worker process: " + std::generic_category().message(errno), {},
                "Allow more open files (ulimit -n), or use fewer workers");
  }
  return {Channel(ends[0]), Channel(ends[1])};
}

Channel::Channel(Channel&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

void Channel::close() noexcept {
  if (handle_ >= 0) ::close(handle_);
  handle_ = -1;
}

bool Channel::send(std::string_view message) {
  const auto length = static_cast<std::uint32_t>(message.size());
  std::string text(sizeof length, '\0');
  std::memcpy(text.data(), &length, sizeof length);
  text += message;
  const std::lock_guard lock(lock_);
  for (std::size_t sent = 0; sent < text.size();) {
    // Without a signal when the other end is gone: that is told by the result.
    const ssize_t count = ::send(handle_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> Channel::receive() {
  std::uint32_t length = 0;
  char bytes[sizeof length];
  if (!read_all(bytes, sizeof bytes)) return std::nullopt;
  std::memcpy(&length, bytes, sizeof length);
  if (length > kLongest) return std::nullopt;
  std::string text(length, '\0');
  if (!read_all(text.data(), text.size())) return std::nullopt;
  return text;
}

bool Channel::read_all(char* target, std::size_t count) {
  while (count > 0) {
    const ssize_t got = ::read(handle_, target, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    target += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace spec2::pipeline
