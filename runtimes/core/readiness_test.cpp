// Edges that come before, while and after somebody waits, and numbers that are used again.
#include "core/readiness.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "core/clock.hpp"
#include "core/descriptors.hpp"

using flux::core::descriptor_waiter;
using flux::core::kMillisecond;
using flux::core::readiness;
using flux::core::waiter_chain;

namespace {

constexpr auto kEverybody = [](descriptor_waiter&) { return true; };
constexpr auto kParks = [] { return true; };

struct ends {
  int here = -1;
  int there = -1;
  ends() {
    int made[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, made) == 0);
    here = made[0];
    there = made[1];
  }
  ~ends() {
    ::close(here);
    ::close(there);
  }
};

struct waiter : descriptor_waiter {
  explicit waiter(int fd, std::uint8_t what = kRead) {
    descriptor = fd;
    wants = what;
  }
};

std::vector<descriptor_waiter*> poll(readiness& of, flux::instant timeout = 50 * kMillisecond) {
  waiter_chain woken;
  of.poll(timeout, woken, kEverybody);
  std::vector<descriptor_waiter*> all;
  for (auto* each = woken.first; each != nullptr; each = each->next) all.push_back(static_cast<descriptor_waiter*>(each));
  return all;
}

// What a node does that reads until EAGAIN.
void drain(int fd) {
  char bytes[64];
  while (::read(fd, bytes, sizeof bytes) > 0) {
  }
}

using woken = std::vector<descriptor_waiter*>;

}  // namespace

TEST_CASE("readiness: who waits is woken once, by what it waits for") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const ends pair;
  waiter reader(pair.here);
  REQUIRE(ready.wait(reader, kParks) == readiness::kWaits);
  CHECK(poll(ready, 0).empty());
  REQUIRE(::write(pair.there, "x", 1) == 1);
  CHECK(poll(ready) == woken{&reader});
  CHECK_FALSE(reader.queued);
  CHECK(poll(ready, 0).empty());
}

TEST_CASE("readiness: an edge between EAGAIN and the wait is kept, once") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const ends pair;
  waiter reader(pair.here);
  REQUIRE(ready.wait(reader, kParks) == readiness::kWaits);
  REQUIRE(::write(pair.there, "x", 1) == 1);
  CHECK(poll(ready) == woken{&reader});
  drain(pair.here);
  REQUIRE(::write(pair.there, "y", 1) == 1);
  CHECK(poll(ready).empty());
  CHECK(ready.wait(reader, kParks) == readiness::kReady);
  drain(pair.here);
  CHECK(ready.wait(reader, kParks) == readiness::kWaits);
  ready.leave(reader);
  CHECK_FALSE(reader.queued);
}

TEST_CASE("readiness: what is there when a descriptor is registered is seen") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const ends pair;
  REQUIRE(::write(pair.there, "x", 1) == 1);
  waiter reader(pair.here);
  REQUIRE(ready.wait(reader, kParks) == readiness::kWaits);
  CHECK(poll(ready) == woken{&reader});
}

TEST_CASE("readiness: the end behind the data is seen by a reader that read no further than the data") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const ends pair;
  waiter reader(pair.here);
  REQUIRE(ready.wait(reader, kParks) == readiness::kWaits);
  REQUIRE(::write(pair.there, "x", 1) == 1);
  ::shutdown(pair.there, SHUT_WR);
  CHECK(poll(ready) == woken{&reader});
  char byte;
  REQUIRE(::read(pair.here, &byte, 1) == 1);
  CHECK(ready.wait(reader, kParks) == readiness::kReady);
  CHECK(::read(pair.here, &byte, 1) == 0);
  // A node that does not care for the end may wait: it is told once.
  CHECK(ready.wait(reader, kParks) == readiness::kWaits);
  ready.leave(reader);
}

TEST_CASE("readiness: readers and writers of one descriptor, and who is not to be woken stays") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const ends pair;
  waiter first(pair.here);
  waiter second(pair.here);
  waiter writer(pair.here, descriptor_waiter::kWrite);
  REQUIRE(ready.wait(writer, kParks) == readiness::kWaits);
  REQUIRE(ready.wait(first, kParks) == readiness::kWaits);
  REQUIRE(ready.wait(second, kParks) == readiness::kWaits);
  CHECK(poll(ready) == woken{&writer});
  REQUIRE(::write(pair.there, "x", 1) == 1);
  waiter_chain chain;
  ready.poll(50 * kMillisecond, chain, [&](descriptor_waiter& each) { return &each == &second; });
  CHECK(chain.first == &second);
  CHECK(chain.last == &second);
  CHECK(first.queued);
  ready.wake_all(chain, kEverybody);
  CHECK(chain.last == &first);
  CHECK_FALSE(first.queued);
}

TEST_CASE("readiness: one edge is enough for two that were both on their way to wait") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const ends pair;
  waiter first(pair.here);
  waiter second(pair.here);
  REQUIRE(ready.wait(first, kParks) == readiness::kWaits);
  REQUIRE(::write(pair.there, "x", 1) == 1);
  CHECK(poll(ready) == woken{&first});
  // Both are at their nodes, and nobody reads.
  REQUIRE(::write(pair.there, "y", 1) == 1);
  CHECK(poll(ready).empty());
  CHECK(ready.wait(first, kParks) == readiness::kReady);
  CHECK(ready.wait(second, kParks) == readiness::kReady);
  CHECK(ready.wait(second, kParks) == readiness::kReady);
  CHECK(ready.wait(first, kParks) == readiness::kReady);
  drain(pair.here);
  CHECK(ready.wait(first, kParks) == readiness::kWaits);
  CHECK(ready.wait(second, kParks) == readiness::kWaits);
  REQUIRE(::write(pair.there, "z", 1) == 1);
  CHECK(poll(ready) == woken{&first, &second});
}

TEST_CASE("readiness: a number that was closed and used again is registered anew, and old events are nobody's") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  int number = -1;
  waiter reader(-1);
  for (int round = 0; round < 50; ++round) {
    int made[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, made) == 0);
    if (round == 0) number = made[0];
    CHECK(made[0] == number);
    // What libc closes inside is not seen; a listener says that the number is new.
    flux::descriptors::accepted(made[0]);
    reader.descriptor = made[0];
    REQUIRE(ready.wait(reader, kParks) == readiness::kWaits);
    CHECK(poll(ready, 0).empty());
    REQUIRE(::write(made[1], "x", 1) == 1);
    CHECK(poll(ready) == woken{&reader});
    // One more event that nobody fetches before the number is gone.
    REQUIRE(::write(made[1], "y", 1) == 1);
    if (round % 2 == 0) {
      ::close(made[0]);
    } else {
      std::fclose(::fdopen(made[0], "r"));
    }
    ::close(made[1]);
  }
}

TEST_CASE("readiness: what cannot be waited for") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  waiter none(-1);
  CHECK(ready.wait(none, kParks) == EBADF);
  waiter closed(1'000);
  CHECK(ready.wait(closed, kParks) == EBADF);
  const int file = ::open("/proc/self/exe", O_RDONLY);
  waiter always(file);
  CHECK(ready.wait(always, kParks) == readiness::kReady);
  ::close(file);
  const ends pair;
  waiter refused(pair.here);
  CHECK(ready.wait(refused, [] { return false; }) == readiness::kRefused);
  CHECK_FALSE(refused.queued);
}

TEST_CASE("readiness: a poll ends by itself, or is interrupted") {
  readiness ready;
  REQUIRE(ready.open() == 0);
  const flux::instant before = flux::core::now();
  CHECK(poll(ready, 3 * kMillisecond).empty());
  CHECK(flux::core::now() - before >= 3 * kMillisecond);
  ready.interrupt();
  CHECK(poll(ready, -1).empty());
}
