// Buckets, and the counts by number.
#include "core/histogram.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/json.hpp"
#include "core/tally.hpp"

using namespace flux::core;

TEST_CASE("every value lies in its bucket, which is at most a sixteenth wide") {
  for (std::uint64_t value = 0; value < (std::uint64_t{1} << 42); value = value < 100'000 ? value + 1 : value + value / 7) {
    const std::size_t bucket = bucket_of(value);
    REQUIRE(bucket < kHistogramBuckets);
    REQUIRE(bucket_start(bucket) <= value);
    const std::uint64_t next = bucket_start(bucket + 1);
    REQUIRE(value < next);
    if (value >= 16) REQUIRE((next - bucket_start(bucket)) * 16 <= bucket_start(bucket));
  }
  CHECK(bucket_of(~std::uint64_t{0}) == kHistogramBuckets - 1);
}

TEST_CASE("a histogram as JSON") {
  histogram times;
  times.add(3);
  times.add(3);
  times.add(1000);
  times.add(-5);
  CHECK(to_json(times) == "{\"count\":4,\"sum\":1006,\"buckets\":[[0,1],[3,2],[992,1]]}");
}

TEST_CASE("text as JSON") { CHECK(quoted("a\"b\\c\n") == "\"a\\\"b\\\\c\\u000a\""); }

TEST_CASE("a tally keeps the first 65,536 and counts the others") {
  tally counts;
  for (std::uint64_t number = 0; number < 70'000; ++number) counts.add(1, number << 40, 10);
  for (int times = 0; times < 5; ++times) counts.add(1, 7ull << 40, 10);
  counts.add(2, 7ull << 40, 1);
  tally_copy all;
  counts.add_to(all.entries, all);
  tally::merge(all);
  CHECK(all.entries.size() == tally::kMost);
  CHECK(all.entries.front().number == 7ull << 40);
  CHECK(all.entries.front().count == 6);
  CHECK(all.entries.front().sum == 60);
  CHECK(all.other_count == 70'000 - tally::kMost + 1);
}

TEST_CASE("merging adds the same keys and keeps the most frequent") {
  tally_copy all;
  all.entries = {{0, 5, 1, 10}, {0, 6, 9, 90}, {0, 5, 2, 20}, {1, 5, 4, 40}};
  tally::merge(all);
  REQUIRE(all.entries.size() == 3);
  CHECK(all.entries[0].number == 6);
  CHECK(all.entries[1].group == 1);
  CHECK(all.entries[2].count == 3);
  CHECK(all.entries[2].sum == 30);
}
