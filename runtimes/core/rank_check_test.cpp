// What is against the order, and what the check then says.
#include "core/rank_check.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include "core/lock_table.hpp"

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

// What is said where a flow that is at `Store` holds those and acquires this; "" if nothing is, and it goes on.
std::string said(std::initializer_list<rw_lock*> holding, const rw_lock& wanted) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], 2);
    flux::flow f;
    f.state = 1;
    flux::held_locks<rw_lock, 4> held;
    for (rw_lock* each : holding) held.push(*each, flux::mode::write);
    check_rank(kFacts, f, held.all(), wanted);
    ::_exit(0);
  }
  ::close(ends[1]);
  char text[1024] = "";
  std::size_t size = 0;
  for (ssize_t got; (got = ::read(ends[0], text + size, sizeof text - 1 - size)) > 0;) size += static_cast<std::size_t>(got);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) ? WTERMSIG(status) : 0) == (size == 0 ? 0 : SIGABRT));
  return text;
}

}  // namespace

TEST_CASE("a lock taken against its rank aborts and names both places") {
  rw_lock first{"a", 0};
  rw_lock second{"b", 1};
  CHECK(said({&first}, second).empty());
  second.acquired_at.note(0, 0);
  first.acquired_at.note(1, 1);
#ifdef FLUX_CHECK_RANKS
  CHECK(said({&second}, first) ==
        "flux: locks out of order: a flow of `Listen` acquires `a` (rank 0) at `Store` (image.flux:11) while it holds `b` (rank 1), acquired at "
        "`Read` (image.flux:10); it was last acquired by a flow of `Commands` at `Store` (image.flux:11)\n");
#else
  CHECK(said({&second}, first).starts_with("flux: locks out of order: a flow of `Listen` acquires `a` (rank 0) at `Store` (image.flux:11) while "
                                           "it holds `b` (rank 1), acquired at "));
#endif
}

TEST_CASE("of equal rank nothing may be acquired beside, but the keys of one table") {
  rw_lock lock{"a", 2};
  rw_lock other{"b", 2};
  CHECK(said({&lock}, lock).find("acquires `a` (rank 2) at `Store` (image.flux:11) while it holds `a` (rank 2), acquired") != std::string::npos);
  CHECK(said({&lock}, other).find("acquires `b` (rank 2) at `Store` (image.flux:11) while it holds `a` (rank 2), acquired") != std::string::npos);
  static lock_table<rw_lock, std::string> pages{"page[key]", 2};
  rw_lock& page = *pages.borrow("index").lock;
  CHECK(said({&lock}, page).find("acquires `page[key]` (rank 2) at `Store` (image.flux:11) while it holds `a` (rank 2)") != std::string::npos);
  CHECK(said({&page}, lock).find("acquires `a` (rank 2) at `Store` (image.flux:11) while it holds `page[key]` (rank 2)") != std::string::npos);
  pages.give_back(page);
}

// Only with the check a lock remembers which table it is of.
#ifdef FLUX_CHECK_RANKS
TEST_CASE("the keys of one table ascend") {
  static lock_table<rw_lock, std::string> pages{"page[key]", 2};
  static lock_table<rw_lock, std::string> users{"user[key]", 2};
  rw_lock below{"a", 1};
  rw_lock& about = *pages.borrow("about").lock;
  rw_lock& index = *pages.borrow("index").lock;
  rw_lock& zebra = *pages.borrow("zebra").lock;
  rw_lock& user = *users.borrow("zebra").lock;
  CHECK(said({&below, &about, &index}, zebra).empty());
  const std::string held = "acquires `page[key]` (rank 2) at `Store` (image.flux:11) while it holds `page[key]` (rank 2) of a key that is not less, ";
  CHECK(said({&below, &zebra}, index).find(held) != std::string::npos);
  CHECK(said({&about, &zebra}, index).find(held) != std::string::npos);
  CHECK(said({&index}, index).find(held) != std::string::npos);
  // Two tables that were given one rank: none of the keys of one is less than one of the other.
  CHECK(said({&about}, user).find("acquires `user[key]` (rank 2) at `Store` (image.flux:11) while it holds `page[key]` (rank 2), ") !=
        std::string::npos);
  for (rw_lock* each : {&about, &index, &zebra}) pages.give_back(*each);
  users.give_back(user);
}

namespace {

struct moody {
  int number;
  bool operator==(const moody&) const = default;
  bool operator<(const moody&) const { throw std::runtime_error("not today"); }
};

}  // namespace

template <>
struct std::hash<moody> {
  std::size_t operator()(const moody& key) const noexcept { return static_cast<std::size_t>(key.number); }
};

TEST_CASE("where keys cannot be compared nothing is said") {
  static lock_table<rw_lock, moody> table{"m[key]", 2};
  rw_lock& one = *table.borrow({.number = 1}).lock;
  rw_lock& two = *table.borrow({.number = 2}).lock;
  CHECK(said({&two}, one).empty());
  table.give_back(one);
  table.give_back(two);
}
#endif
