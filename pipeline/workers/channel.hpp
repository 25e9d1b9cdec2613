#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace spec2::pipeline {

/// One end of a socket between the process that runs an association and one of its workers. Messages are whole: a length of
/// four bytes, then the text. Sending is safe from several threads.
class Channel {
 public:
  /// Both ends. Throws Error(system).
  static std::pair<Channel, Channel> make_pair();

  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&&) = delete;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { close(); }

  int handle() const noexcept { return handle_; }
  void close() noexcept;

  /// False when nobody listens any more.
  bool send(std::string_view message);
  /// Waits for the next message; nothing when the other end is closed, or what comes is no message.
  std::optional<std::string> receive();

  /// Of a worker; a message longer than this is damage.
  static constexpr std::size_t kLongest = std::size_t{256} << 20;

 private:
  explicit Channel(int handle) noexcept : handle_(handle) {}
  bool read_all(char* target, std::size_t count);

  int handle_ = -1;
  std::mutex lock_;
};

}  // namespace spec2::pipeline
