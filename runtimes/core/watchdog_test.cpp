// What a watchdog says, and of whom.
#include "core/watchdog.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/clock.hpp"

using namespace flux::core;

namespace {

constexpr flux::source_description kSources[] = {
    {"Listen", 1, false, 0, 1, 0, 0, true, nullptr},
    {"Commands", 2, false, 0, 1, 0, 0, false, nullptr},
};
constexpr flux::node_description kNodes[] = {{"Read", 10}, {"Store", 11}};
const program_facts kFacts{.name = "image",
                           .file = "image.flux",
                           .sources = kSources,
                           .nodes = kNodes,
                           .constraints = {},
                           .path_units = {},
                           .node_of_state = [](std::uint16_t state) noexcept { return int{state}; },
                           .init = nullptr,
                           .finish = nullptr};

sighting doing(const void* worker, std::uint64_t step, int node) {
  return {.worker = worker,
          .step = step,
          .source = 0,
          .activation = false,
          .node = node,
          .wanted = nullptr,
          .wanted_name = nullptr,
          .wanted_mode = flux::mode::read,
          .held = {}};
}

using lines = std::vector<std::string>;

lines look(watchdog& dog, flux::instant at, std::vector<sighting> seen) {
  dog.begin();
  for (sighting& each : seen) dog.seen(std::move(each));
  return dog.end(at);
}

}  // namespace

TEST_CASE("a flow that stays in a node is named once, and again when it has lasted twice as long") {
  watchdog dog(kFacts, kSecond);
  const int worker = 0;
  CHECK(look(dog, 0, {doing(&worker, 1, 0)}).empty());
  CHECK(look(dog, kSecond / 2, {doing(&worker, 1, 0)}).empty());
  CHECK(look(dog, kSecond, {doing(&worker, 1, 0)}) ==
        lines{"a flow of `Listen` made no progress for 1.0 s: it is inside `Read` (image.flux:10)"});
  CHECK(look(dog, kSecond + kSecond / 2, {doing(&worker, 1, 0)}).empty());
  CHECK(look(dog, 2 * kSecond, {doing(&worker, 1, 0)}).size() == 1);
  CHECK(look(dog, 3 * kSecond, {doing(&worker, 1, 0)}).empty());
}

TEST_CASE("one that moves, or waits for a client, is not") {
  watchdog dog(kFacts, kSecond);
  const int worker = 0;
  for (int second = 0; second < 5; ++second) {
    CHECK(look(dog, second * kSecond, {doing(&worker, static_cast<std::uint64_t>(second), 0)}).empty());
  }
  for (int second = 5; second < 9; ++second) CHECK(look(dog, second * kSecond, {doing(&worker, 7, -1)}).empty());
}

TEST_CASE("a source without a wait may block inside, one with a wait may not") {
  watchdog dog(kFacts, kSecond);
  const int worker = 0;
  sighting source = doing(&worker, 1, 0);
  source.activation = true;
  source.source = 1;
  look(dog, 0, {source});
  CHECK(look(dog, 5 * kSecond, {source}).empty());
  source.source = 0;
  look(dog, 6 * kSecond, {source});
  CHECK(look(dog, 8 * kSecond, {source}) ==
        lines{"source `Listen` made no progress for 2.0 s: it is inside `Read` (image.flux:10)"});
}

TEST_CASE("who waits for a lock is named with who holds it") {
  watchdog dog(kFacts, kSecond);
  const int workers[3] = {};
  const int lock = 0;
  sighting waiting = doing(&workers[0], 1, 1);
  waiting.wanted = &lock;
  waiting.wanted_name = "cache";
  waiting.wanted_mode = flux::mode::write;
  const auto seen = [&](std::uint64_t step) {
    sighting reader = doing(&workers[1], step, 0);
    reader.held = {{.lock = &lock, .name = "cache", .mode = flux::mode::read}};
    sighting idle = doing(&workers[2], step, -1);
    idle.held = reader.held;
    return std::vector<sighting>{waiting, reader, idle};
  };
  look(dog, 0, seen(0));
  // The holders move: only the one that waits is stuck.
  CHECK(look(dog, kSecond, seen(1)) ==
        lines{"a flow of `Listen` made no progress for 1.0 s: it waits for `cache` as writer before `Store` (image.flux:11); held by a flow "
              "of `Listen` as reader, which is inside `Read` (image.flux:10); and by a flow of `Listen` as reader, which waits for a "
              "descriptor"});
}
