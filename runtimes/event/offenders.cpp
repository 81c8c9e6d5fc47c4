// Looking at what the loops run.
#include "event/offenders.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>

#include "core/clock.hpp"
#include "core/report.hpp"
#include "event/server.hpp"

namespace flux::event {
namespace {

// Looks within the time a node may take: so much of it may pass before a call is seen for the first time.
constexpr instant kLooks = 4;
// After so many looks at which no loop had done anything it sleeps until one has.
constexpr int kQuietLooks = 4;
// A node is named no more often than this.
constexpr instant kBetweenNames = core::kSecond;

// Nanoseconds that a thread could have run and had no core; 0 where that cannot be found out.
instant waited_for_core(int thread) noexcept {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", thread);
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[96];
  const ssize_t length = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (length <= 0) return 0;
  text[length] = '\0';
  // "RAN WAITED TIMES"
  char* after = nullptr;
  static_cast<void>(std::strtoull(text, &after, 10));
  return static_cast<instant>(std::strtoull(after, nullptr, 10));
}

int node_of(std::uint64_t place) noexcept { return static_cast<int>(static_cast<std::uint32_t>(place)) - 1; }

}  // namespace

int offenders::start(instant allowed) noexcept {
  if (allowed <= 0) return 0;
  allowed_ = allowed;
  try {
    named_until_.resize(server_.program_.nodes.size(), 0);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  const int error = ::pthread_create(&thread_, nullptr, &offenders::thread_main, this);
  started_ = error == 0;
  return error;
}

void offenders::stop() noexcept {
  if (!started_) return;
  ends_.store(true, std::memory_order_seq_cst);
  changed_.notify();
  ::pthread_join(thread_, nullptr);
  started_ = false;
}

void offenders::rouse() noexcept {
  if (dozing_.exchange(false, std::memory_order_seq_cst)) changed_.notify();
}

void* offenders::thread_main(void* argument) noexcept {
  static_cast<offenders*>(argument)->watch();
  return nullptr;
}

void offenders::watch() noexcept {
  const instant period = std::max<instant>(allowed_ / kLooks, core::kMillisecond);
  const auto ends = [this] { return ends_.load(std::memory_order_seq_cst); };
  std::unique_ptr<seen[]> before(new (std::nothrow) seen[server_.loops_.size()]);
  if (before == nullptr) return;
  const auto look_at_all = [&] {
    const instant now = core::now();
    bool anything = false;
    for (std::size_t index = 0; index < server_.loops_.size(); ++index) {
      event::loop& each = *server_.loops_[index];
      anything |= look(each, each.runs_with(), before[index], now);
    }
    return anything;
  };
  int quiet = 0;
  while (!ends()) {
    quiet = look_at_all() ? 0 : quiet + 1;
    if (quiet < kQuietLooks) {
      changed_.wait(ends, core::now() + period);
      continue;
    }
    // A loop that begins to do something from here on says so; one that has begun before is seen.
    dozing_.store(true, std::memory_order_seq_cst);
    if (look_at_all()) dozing_.store(false, std::memory_order_seq_cst);
    changed_.wait([&] { return ends() || !dozing_.load(std::memory_order_seq_cst); }, never);
    quiet = 0;
  }
}

bool offenders::look(const event::loop& at, const worker& runs, seen& before, instant now) {
  const std::uint64_t place = runs.place_.load(std::memory_order_relaxed);
  const bool inside = node_of(place) >= 0;
  // The same call as at the last look.
  if (place == before.place && inside) return true;
  const int thread = runs.kernel_thread_.load(std::memory_order_relaxed);
  if (const int node = node_of(before.place); node >= 0 && now - before.since >= allowed_) {
    const instant held = now - before.since - (waited_for_core(thread) - before.waited);
    if (held >= allowed_) report(node, held, now);
  }
  const std::uint64_t sleeps = at.sleeps();
  const bool did = place != before.place || sleeps != before.sleeps;
  before = {.place = place, .since = now, .waited = inside ? waited_for_core(thread) : 0, .sleeps = sleeps};
  return did;
}

void offenders::report(int node, instant held, instant now) {
  instant& until = named_until_[static_cast<std::size_t>(node)];
  if (now < until) return;
  until = now + kBetweenNames;
  const node_description& which = server_.program_.nodes[static_cast<std::size_t>(node)];
  core::report("node `%s` (%s:%d) blocked its loop for %lld ms: declare it `blocking`", which.name, server_.program_.file, which.line,
               static_cast<long long>(held / core::kMillisecond));
}

}  // namespace flux::event
