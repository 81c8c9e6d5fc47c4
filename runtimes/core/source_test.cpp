// When a source is called again, and when a timer ticks.
#include "core/source.hpp"

#include <doctest/doctest.h>

using namespace flux::core;

TEST_CASE("a failing source is called at once, then after 1 ms doubling to 1 s") {
  backoff backoff;
  CHECK(backoff.failed(ECONNRESET) == 0);
  flux::instant expected = kMillisecond;
  for (int times = 0; times < 15; ++times) {
    CHECK(backoff.failed(ECONNRESET) == expected);
    expected = expected * 2 < kSecond ? expected * 2 : kSecond;
  }
  CHECK(expected == kSecond);
  backoff.worked();
  CHECK(backoff.failed(EPERM) == 0);
  CHECK(backoff.failed(EPERM) == kMillisecond);
}

TEST_CASE("a source without descriptors or memory always pauses") {
  for (const int error : {EMFILE, ENFILE, ENOMEM, ENOBUFS}) {
    backoff backoff;
    CHECK(backoff.failed(error) == kMillisecond);
    CHECK(backoff.failed(error) == 2 * kMillisecond);
  }
}

TEST_CASE("ticks lie at start + n periods, however late they are taken") {
  ticks ticks(1000, 50);
  CHECK(ticks.next() == 1050);
  CHECK(ticks.take_due(1049) == 0);
  CHECK(ticks.take_due(1050) == 1);
  CHECK(ticks.next() == 1100);
  CHECK(ticks.take_due(1112) == 1);
  CHECK(ticks.next() == 1150);
  CHECK(ticks.take_due(1310) == 4);
  CHECK(ticks.next() == 1350);
}

TEST_CASE("flows in flight are those that started and did not end") {
  source_counts counts;
  counts.started = 10;
  counts.done = 3;
  counts.failed = 2;
  counts.destroyed = 1;
  CHECK(counts.in_flight() == 4);
}

TEST_CASE("a message passes once a second and says how often it happened") {
  once_a_second message;
  CHECK(message.due(5 * kSecond) == 1);
  for (int times = 0; times < 9; ++times) CHECK(message.due(5 * kSecond + times) == 0);
  CHECK(message.due(6 * kSecond) == 10);
}
