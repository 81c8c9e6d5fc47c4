// A number that was closed, by whatever call we can see, is another descriptor.
#include "core/descriptors.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <map>
#include <thread>
#include <vector>

using namespace flux::descriptors;

namespace {

int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

TEST_CASE("close, dup2, dup3 and close_range begin a new generation") {
  const int fd = open_null();
  const int other = open_null();
  REQUIRE(fd >= 0);
  std::uint32_t seen = generation(fd);
  const auto moved = [&] {
    const std::uint32_t before = seen;
    seen = generation(fd);
    return seen != before;
  };
  CHECK_FALSE(moved());
  CHECK(::close(fd) == 0);
  CHECK(moved());
  CHECK(::dup2(other, fd) == fd);
  CHECK(moved());
  CHECK(::dup3(other, fd, O_CLOEXEC) == fd);
  CHECK(moved());
  const auto number = static_cast<unsigned>(fd);
  const int closed = ::close_range(number, number, 0);
  if (closed == 0) CHECK(moved());
  if (closed != 0) ::close(fd);
  seen = generation(fd);
  accepted(fd);
  CHECK(moved());
  closing(fd);
  ::close(other);
}

TEST_CASE("what closes nothing begins nothing") {
  const int fd = open_null();
  const std::uint32_t seen = generation(fd);
  CHECK(::dup2(fd, fd) == fd);
  const auto number = static_cast<unsigned>(fd);
  ::close_range(number, number, 4);  // CLOSE_RANGE_CLOEXEC
  CHECK(generation(fd) == seen);
  CHECK(::read(fd, nullptr, 0) == 0);
  ::close(fd);
}

TEST_CASE("the calls still do what they did, errno included") {
  errno = 0;
  CHECK(::close(-1) == -1);
  CHECK(errno == EBADF);
  errno = 0;
  CHECK(::dup2(-1, 5) == -1);
  CHECK(errno == EBADF);
  errno = 0;
  CHECK(::dup2(-1, -1) == -1);
  CHECK(errno == EBADF);
  errno = 0;
  CHECK(::dup3(1, 1, 0) == -1);
  CHECK(errno == EINVAL);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  CHECK(::close(ends[1]) == 0);
  char byte;
  CHECK(::read(ends[0], &byte, 1) == 0);
  ::close(ends[0]);
}

TEST_CASE("a number that one thread closed is the next thread's, also in the eyes of ThreadSanitizer") {
  // Relaxed: the threads take turns, and a sanitizer sees no order between them but that of the descriptor itself.
  std::atomic<int> turn{0};
  const auto wait_for = [&turn](int mine) {
    while (turn.load(std::memory_order_relaxed) != mine) std::this_thread::yield();
  };
  std::atomic<int> number{-1};
  int again = -1;
  std::thread last([&] {
    wait_for(2);
    // A call that no sanitizer knows gives the number; fstat is one that it knows.
    again = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC));
    struct stat status {};
    CHECK(::fstat(again, &status) == 0);
    ::close(again);
  });
  std::thread middle([&] {
    wait_for(1);
    ::close(number.load(std::memory_order_acquire));
    turn.store(2, std::memory_order_relaxed);
  });
  std::thread first([&] {
    number.store(open_null(), std::memory_order_release);
    turn.store(1, std::memory_order_relaxed);
  });
  first.join();
  middle.join();
  last.join();
  CHECK(again == number.load());
}

TEST_CASE("a close that is not seen is made good by accepting") {
  // std::FILE closes inside libc, which we cannot see; `accepted` is what voids the number then.
  std::FILE* const file = std::fopen("/dev/null", "r");
  const int fd = ::fileno(file);
  const std::uint32_t seen = generation(fd);
  std::fclose(file);
  accepted(fd);
  CHECK(generation(fd) != seen);
  closing(fd);
}

TEST_CASE("whether a descriptor blocks is asked once a generation") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  CHECK(is_blocking(ends[0]));
  const int reading = ends[0];
  ::close(reading);
  REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  // The number is used again, by a descriptor that does not block.
  CHECK(ends[0] == reading);
  CHECK_FALSE(is_blocking(ends[0]));
  CHECK_FALSE(is_blocking(-1));
  ::close(ends[0]);
  CHECK_FALSE(is_blocking(ends[0]));
}

TEST_CASE("numbers beyond the first chunk") {
  const int base = open_null();
  const int fd = ::fcntl(base, F_DUPFD_CLOEXEC, 9000);
  REQUIRE(fd >= 9000);
  const std::uint32_t seen = generation(fd);
  ::close(fd);
  CHECK(generation(fd) != seen);
  CHECK(generation(1 << 30) == generation(1 << 30));
  ::close(base);
}

TEST_CASE("100,000 connections that reuse ten numbers are 100,000 connections, however they are closed") {
  std::map<int, std::uint32_t> registered;
  int reused = 0;
  for (int round = 0; round < 100'000; ++round) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    // As flux::tcp_listener does.
    accepted(ends[0]);
    const auto [known, fresh] = registered.try_emplace(ends[0]);
    if (!fresh) {
      ++reused;
      REQUIRE(known->second != generation(ends[0]));
    }
    known->second = generation(ends[0]);
    switch (round % 3) {
      case 0:
        ::close(ends[0]);
        break;
      case 1:
        std::fclose(::fdopen(ends[0], "r"));
        break;
      default:
        ::dup2(ends[1], ends[0]);
        std::FILE* const file = ::fdopen(ends[0], "r");
        std::setvbuf(file, nullptr, _IONBF, 0);
        std::fclose(file);
    }
    ::close(ends[1]);
  }
  CHECK(registered.size() <= 10);
  CHECK(reused >= 99'990);
}

TEST_CASE("many threads ask about and close the same numbers") {
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([] {
      for (int round = 0; round < 2000; ++round) {
        const int fd = open_null();
        if (fd < 0) continue;
        const std::uint32_t mine = generation(fd);
        // Nobody else closes it, so it stays mine.
        REQUIRE(generation(fd) == mine);
        ::close(fd);
      }
    });
  }
  for (std::thread& each : threads) each.join();
}

TEST_CASE("the first loop that registers a generation keeps it until the number is closed") {
  using flux::descriptors::registered;
  using flux::descriptors::set_loop;
  const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  const auto before = registered(fd);
  CHECK(before.loop == 0);
  set_loop(fd, {.generation = before.generation, .loop = flux::descriptors::kMostLoops});
  set_loop(fd, {.generation = before.generation, .loop = 2});
  CHECK(registered(fd).loop == flux::descriptors::kMostLoops);
  // What is known of blocking lies beside it.
  CHECK(flux::descriptors::is_blocking(fd));
  CHECK(registered(fd).loop == flux::descriptors::kMostLoops);
  CHECK(registered(fd).generation == before.generation);
  ::close(fd);
  const auto after = registered(fd);
  CHECK(after.loop == 0);
  CHECK(after.generation != before.generation);
  // One that is late registers nothing.
  set_loop(fd, {.generation = before.generation, .loop = 3});
  CHECK(registered(fd).loop == 0);
}
