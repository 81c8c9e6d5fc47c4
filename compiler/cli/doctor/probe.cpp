// What `fluxc doctor` compiles and runs: that it compiles shows that the compiler knows C++20 and finds our headers; what it
// prints is what this kernel allows, a line a feature with 0 or the errno.
#include <flux/flux.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <span>

namespace {

// Numbers of calls newer than the headers may be; equal on x86-64 and aarch64.
constexpr long kIoUringSetup = 425;
constexpr long kCloseRange = 436;
constexpr long kOpenat2 = 437;
constexpr long kEpollPwait2 = 441;
constexpr long kFutexWaitv = 449;
constexpr int kGuardInstall = 102;

struct open_how {
  std::uint64_t flags, mode, resolve;
};

template <std::integral Number>
void say(const char* name, Number error) {
  std::printf("%s %d\n", name, static_cast<int>(error));
}

// A call that is refused for its arguments is there.
int there(long result) {
  if (result >= 0) return 0;
  return errno == ENOSYS || errno == EPERM || errno == EACCES ? errno : 0;
}

int option(int level, int name) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  const int on = 1;
  const int error = ::setsockopt(descriptor, level, name, &on, sizeof on) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

int worked(long result) { return result >= 0 ? 0 : errno; }

}  // namespace

int main() {
  std::atomic<int> lock_free{0};
  const int numbers[] = {1, 2};
  if (!lock_free.is_lock_free() || std::span(numbers).size() != 2) return 1;

  say("epoll", worked(::epoll_create1(EPOLL_CLOEXEC)));
  say("eventfd", worked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
  say("epoll_pwait2", there(::syscall(kEpollPwait2, -1, nullptr, 0, nullptr, nullptr, 0)));
  say("SO_REUSEPORT", option(SOL_SOCKET, SO_REUSEPORT));
  say("TCP_DEFER_ACCEPT", option(IPPROTO_TCP, TCP_DEFER_ACCEPT));
  open_how how{O_RDONLY | O_CLOEXEC, 0, 0x08};
  say("openat2", worked(::syscall(kOpenat2, AT_FDCWD, ".", &how, sizeof how)));
  say("close_range", worked(::syscall(kCloseRange, ~0U - 1, ~0U, 0)));
  say("futex_waitv", there(::syscall(kFutexWaitv, nullptr, 0, 0, nullptr, 0)));
  say("io_uring", there(::syscall(kIoUringSetup, 0, nullptr)));
  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  say("MADV_GUARD_INSTALL", page == MAP_FAILED ? errno : worked(::madvise(page, 4096, kGuardInstall)));
  return 0;
}
