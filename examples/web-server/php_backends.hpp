// Where PHP listens, and the connections to it that wait for their next request. Knows nothing of requests.
#ifndef WEB_SERVER_PHP_BACKENDS_HPP
#define WEB_SERVER_PHP_BACKENDS_HPP

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <flux/socket.hpp>
#include <string>
#include <string_view>

namespace web {

// Thread safety: set_address before anything else; all else from any thread.
class php_backends {
 public:
  php_backends() noexcept {
    for (std::atomic<place>& each : idle_) each.store(kNone, std::memory_order_relaxed);
  }
  php_backends(const php_backends&) = delete;
  php_backends& operator=(const php_backends&) = delete;
  ~php_backends();

  // The path of a Unix socket, with or without `unix:` before it, or `HOST:PORT`. Looks the name up, which blocks. Throws
  // std::invalid_argument, or std::runtime_error for a name that is not found.
  void set_address(std::string_view address);

  [[nodiscard]] bool is_set() const noexcept { return size_ != 0; }
  [[nodiscard]] const std::string& address() const noexcept { return name_; }

  // Begins to connect. 0: connected; EINPROGRESS: it will be writable when it is; else an errno, and `made` is empty. Never blocks.
  [[nodiscard]] int open(flux::socket& made) const noexcept;
  // Asks whether a connection that was in progress is there: the same answers.
  [[nodiscard]] int opened(const flux::socket& made) const noexcept;

  // A connection that waited and that PHP has not closed, or none. Never blocks.
  [[nodiscard]] flux::socket take() noexcept;
  // Keeps it, or closes it where enough are kept. REQUIRES: nothing is left to be read from it.
  void keep(flux::socket idle) noexcept;
  // Closes those that have waited for five seconds: each occupies a process of php-fpm.
  void drop_idle() noexcept;

 private:
  // A descriptor and the second since which it waits, or kNone. One word, so that taking it is one instruction and needs no lock.
  using place = std::uint64_t;
  static constexpr place kNone = ~place{0};
  // One less than the requests that may be at PHP at once: who else asks the same php-fpm finds a process that is free.
  static constexpr std::size_t kMostIdle = 4;

  std::string name_;
  sockaddr_storage address_{};
  socklen_t size_ = 0;
  std::array<std::atomic<place>, kMostIdle> idle_;
};

}  // namespace web

#endif
