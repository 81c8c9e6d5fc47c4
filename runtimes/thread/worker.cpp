// Where a flow of the thread runtime waits: descriptors and locks.
#include <poll.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <new>

#include "core/brief_blocking.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "thread/observe.hpp"
#include "thread/runtime.hpp"
#include "thread/server.hpp"

namespace flux::thread {
namespace {

constexpr std::size_t kUsualInterests = 15;

// One that waits for a lock, on the stack of its thread.
struct waiting : core::lock_waiter {
  explicit waiting(worker& of) noexcept : who(of) {}
  worker& who;
};

}  // namespace

worker::worker(server& of)
    : server_(of), observed_(observation::make(of.observed_by())), profiled_(of.observed_by().profile != nullptr) {}

worker::~worker() { delete observed_; }

parked worker::wait(flow& f, std::span<const interest> interests, instant deadline) noexcept {
  if (f.activation && server_.only_listens(f, interests)) {
    parked_ = true;
    return parked::yes;
  }
  // What the flow waits is no time of its next node.
  if (observed_ != nullptr) observed_->left = 0;
  // A listening source that was told and has nothing left to accept is at its end; one that does not listen was at its end when told.
  if (f.activation && stopping() && (told_ || !server_.listens(f.source))) return parked::yes;

  pollfd usual[kUsualInterests + 1];
  std::unique_ptr<pollfd[]> many;
  pollfd* polled = usual;
  if (interests.size() > kUsualInterests) {
    many.reset(new (std::nothrow) pollfd[interests.size() + 1]);
    polled = many.get();
    if (polled == nullptr) {
      f.error = ENOMEM;
      return parked::no;
    }
  }
  std::size_t count = 0;
  for (const interest& each : interests) {
    if (each.descriptor < 0) {
      f.error = EBADF;
      return parked::no;
    }
    polled[count++] = {.fd = each.descriptor, .events = static_cast<short>(each.writable ? POLLOUT : POLLIN), .revents = 0};
  }
  pollfd& alarm = polled[count];

  for (;;) {
    alarm = {.fd = told_ ? core::destroy_descriptor() : core::stop_descriptor(), .events = POLLIN, .revents = 0};
    timespec left{};
    if (deadline != never) {
      // A limit that struck while the node ran takes effect now, whatever is ready.
      const instant remaining = deadline - core::now();
      if (remaining <= 0) {
        f.error = ETIMEDOUT;
        return parked::no;
      }
      left = core::to_timespec(remaining);
    }
    const int ready = ::ppoll(polled, count + 1, deadline == never ? nullptr : &left, nullptr);
    if (ready < 0 && errno != EINTR) {
      f.error = errno;
      return parked::no;
    }
    if (ready <= 0) continue;
    f.error = 0;
    bool seen = false;
    for (std::size_t index = 0; index < count; ++index) {
      if ((polled[index].revents & POLLNVAL) != 0) f.error = EBADF;
      // Hang-up and error too: the node learns of them from its own call.
      seen |= polled[index].revents != 0;
    }
    // A source that does not listen is called no more, though there be something for it.
    if (f.activation && stopping() && !server_.listens(f.source)) return parked::yes;
    if (seen && !core::destroying()) return parked::no;
    if (alarm.revents == 0) continue;
    if (told_) return parked::yes;
    told_ = true;
    for (const interest& each : interests) core::end_brief_blocking(each.descriptor);
    // It is called once more: a node that has nothing of a request fails, one that has goes on.
    return parked::no;
  }
}

parked worker::acquire_slowly(flow& f, lock& l, mode how, instant deadline) noexcept {
  return observed_ == nullptr ? queue_for(f, l, how, deadline) : acquire_observed(f, l, how, deadline);
}

parked worker::queue_for(flow& f, lock& l, mode how, instant deadline) noexcept {
  waiting me(*this);
  if (!l.acquire_or_queue(me, how)) {
    const std::uint32_t why = sleep(kGranted | kDoomed, deadline);
    bool granted = (why & kGranted) != 0;
    if (!granted) {
      const auto [left, others] = l.cancel(me);
      wake_granted(others);
      // It may have been granted in between; then the wake-up is on its way, and must not be taken for one of the next lock.
      if (!left) sleep(kGranted, never);
      granted = !left;
    }
    // A grant is given back if the limit struck, and where the flow is destroyed: whoever held the lock before may have been
    // destroyed first.
    const bool destroyed = (why & kDoomed) != 0 || core::destroying();
    if (destroyed || (why & kGranted) == 0) {
      if (granted) wake_granted(l.release(how));
      f.error = ETIMEDOUT;
      return destroyed ? parked::yes : parked::no;
    }
  }
  core::note_acquired(&l, how == mode::read);
  f.error = 0;
  return parked::no;
}

void worker::wake_granted(core::lock_waiter* granted) noexcept {
  while (granted != nullptr) {
    // Once woken it may be gone, with the link.
    core::lock_waiter* const next = granted->next;
    static_cast<waiting*>(granted)->who.wake(kGranted);
    granted = next;
  }
}

std::uint32_t worker::sleep(std::uint32_t bits, instant deadline) noexcept {
  for (;;) {
    const std::uint32_t seen = signal_.load(std::memory_order_acquire);
    if ((seen & bits) != 0) {
      signal_.fetch_and(~(seen & bits & ~kDoomed), std::memory_order_acquire);
      return seen & bits;
    }
    if (deadline != never && core::now() >= deadline) return 0;
    core::futex_wait(signal_, seen, deadline);
  }
}

void worker::wake(std::uint32_t bit) noexcept {
  signal_.fetch_or(bit, std::memory_order_release);
  core::futex_wake(signal_, 1);
}

flux::flow* worker::fresh(flow& f) noexcept { return server_.make_record(*f.heap, f.source, false); }

void worker::spawn(flow&, flux::flow& started) noexcept { server_.start_flow(*this, static_cast<flow&>(started)); }

void worker::end(flow& f, ending how) noexcept {
  if (f.activation) {
    // What it failed with first counts: its handler may have changed the record's error.
    if (how == ending::failed && outcome_ == 0) outcome_ = f.error == 0 ? ECANCELED : f.error;
    handled_ = how == ending::failed && steps_ != failed_at_;
  }
  current_ = nullptr;
  server_.finish_flow(f, how);
}

parked worker::leave_source(flow& f, int node) noexcept {
  leave(f, node);
  if (!f.activation || server_.listens(f.source)) return parked::no;
  // Told before it is looked whether the server stops: either this sees the stop, or the drain sees the activation.
  set_engaged(true);
  return stopping() ? parked::yes : parked::no;
}

void worker::set_engaged(bool now) noexcept {
  if (engaged_.load(std::memory_order_relaxed) == now) return;
  engaged_.store(now, std::memory_order_seq_cst);
  if (!now && stopping()) server_.activation_left();
}

void worker::failed(flow& f, int node) noexcept {
  if (f.activation && outcome_ == 0) {
    outcome_ = f.error;
    failed_at_ = steps_;
  }
  server_.node_failed(node, f.error);
}

void worker::run(flow& f) noexcept {
  current_ = &f;
  outcome_ = 0;
  failed_at_ = steps_;
  parked_ = false;
  if (observed_ != nullptr) measure_start(f);
  server_.runs().step(*this, f);
  claimed_ = current_ != nullptr && !parked_;
  if (claimed_) server_.abandon_flow(*this, f);
  current_ = nullptr;
  set_engaged(false);
}

}  // namespace flux::thread
