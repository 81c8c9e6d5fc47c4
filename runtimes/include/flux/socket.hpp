// A file descriptor with an owner. Not only for sockets; knows nothing of what is read or written.
#ifndef FLUX_SOCKET_HPP
#define FLUX_SOCKET_HPP

#include <unistd.h>

namespace flux {

// Owns a descriptor and closes it. Moves; does not copy.
//
// Thread safety: that of an int. A flow owns its socket, and a flow is on one thread at a time.
//
// Invariant: fd_ is -1 or a descriptor that nobody else closes.
class socket {
 public:
  constexpr socket() noexcept = default;
  // Takes ownership of `fd`.
  constexpr explicit socket(int fd) noexcept : fd_(fd) {}
  constexpr socket(socket&& other) noexcept : fd_(other.release()) {}
  socket& operator=(socket&& other) noexcept {
    reset(other.release());
    return *this;
  }
  socket(const socket&) = delete;
  socket& operator=(const socket&) = delete;
  ~socket() { reset(); }

  // The descriptor, or -1. What a `wait` waits for.
  [[nodiscard]] constexpr int fd() const noexcept { return fd_; }
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return fd_ >= 0; }

  // Closes what it owns and takes ownership of `fd`. Blocks no longer than close does.
  void reset(int fd = -1) noexcept {
    const int old = fd_;
    fd_ = fd;
    if (old >= 0 && old != fd) ::close(old);
  }

  // Gives the descriptor away, open.
  [[nodiscard]] constexpr int release() noexcept {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace flux

#endif
