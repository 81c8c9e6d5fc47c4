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
#include <span>
#include <string_view>

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

// The text of a small file of a thread; empty where there is none.
std::string_view text_of(int thread, const char* name, std::span<char> buffer) noexcept {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/%s", thread, name);
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  const ssize_t length = ::read(file, buffer.data(), buffer.size() - 1);
  ::close(file);
  const std::size_t size = length < 0 ? 0 : static_cast<std::size_t>(length);
  buffer[size] = '\0';
  return {buffer.data(), size};
}

int node_of(std::uint64_t place) noexcept { return static_cast<int>(static_cast<std::uint32_t>(place)) - 1; }

}  // namespace

offenders::times offenders::times_of(int thread) noexcept {
  char buffer[96];
  // "RAN WAITED TIMES"
  const std::string_view text = text_of(thread, "schedstat", buffer);
  if (text.empty()) return {};
  char* after = nullptr;
  const auto ran = static_cast<instant>(std::strtoull(buffer, &after, 10));
  return {.ran = ran, .waited = static_cast<instant>(std::strtoull(after, nullptr, 10))};
}

bool offenders::is_asleep(int thread) noexcept {
  char buffer[64];
  // "NUMBER (NAME) STATE …"; a name has at most 15 characters, any of them.
  const std::string_view text = text_of(thread, "stat", buffer);
  const std::size_t end = text.rfind(')');
  return end != std::string_view::npos && end + 2 < text.size() && (text[end + 2] == 'S' || text[end + 2] == 'D');
}

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
  const int thread = runs.kernel_thread_.load(std::memory_order_relaxed);
  if (place == before.place && inside) {
    // The same call as at the last look.
    if (is_asleep(thread)) before.slept += now - before.last;
    before.last = now;
    before.at_last = times_of(thread);
    return true;
  }
  // Where descriptors have run out nobody knows what the thread had done by then.
  const bool known = before.at_first.ran != 0 && before.at_last.ran != 0;
  const times did_there = known ? times{.ran = before.at_last.ran - before.at_first.ran, .waited = before.at_last.waited - before.at_first.waited}
                                : times{};
  const instant sure = did_there.ran + before.slept;
  // It began a little before it was seen, and ended a little later.
  if (before.last - before.first >= allowed_ - allowed_ / kLooks && sure >= allowed_ - allowed_ / kLooks) {
    report(node_of(before.place), before.last - before.first - did_there.waited, now);
  }
  const std::uint64_t sleeps = at.sleeps();
  const bool did = place != before.place || sleeps != before.sleeps;
  const times then = inside ? times_of(thread) : times{};
  before = {.place = place, .first = now, .last = now, .at_first = then, .at_last = then, .slept = 0, .sleeps = sleeps};
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
