// Registering descriptors and fetching events.
#include "core/readiness.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <new>

#include "core/descriptors.hpp"
#include "core/epoll.hpp"

namespace flux::core {
namespace {

// In place of a descriptor, in the event of the interrupt.
constexpr std::uint64_t kInterrupt = ~std::uint64_t{0};

}  // namespace

readiness::~readiness() {
  if (epoll_ >= 0) ::close(epoll_);
  if (interrupt_ >= 0) ::close(interrupt_);
  for (auto& each : chunks_) delete each.load(std::memory_order_relaxed);
}

int readiness::open() noexcept {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return errno;
  interrupt_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (interrupt_ < 0) return errno;
  // Edge-triggered: every write is an event, and nobody need read.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = kInterrupt;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, interrupt_, &event) == 0 ? 0 : errno;
}

readiness::slot* readiness::make(int fd) noexcept {
  if (fd < 0 || static_cast<std::size_t>(fd) >= kChunkSize * kChunks) return nullptr;
  chunk* const made = new (std::nothrow) chunk;
  if (made == nullptr) return nullptr;
  chunk* expected = nullptr;
  auto& place = chunks_[static_cast<std::size_t>(fd) / kChunkSize];
  if (!place.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) {
    delete made;
    return find(fd);
  }
  return &made->slots[static_cast<std::size_t>(fd) % kChunkSize];
}

int readiness::ready_or_registered(slot& here, descriptor_waiter& waiter) noexcept {
  const std::uint32_t generation = descriptors::generation(waiter.descriptor) * kGenerationStep;
  if ((here.state & ~kKept) != (generation | kRegistered)) {
    const int error = enroll(here, waiter.descriptor, generation);
    waiter.registered = error == kWaits ? part_of(generation) : 0;
    return error;
  }
  if (waiter.registered != part_of(generation)) here.state |= kShared;
  if ((here.state & kShared) != 0) {
    here.state &= ~(kRead | kWrite | kEnd);
    return ready_now(waiter);
  }
  const std::uint32_t kept = here.state & waiter.wants;
  if (kept != 0) {
    here.state &= ~kept;
    return kReady;
  }
  if ((here.state & kEnd) != 0 && (waiter.wants & kRead) != 0) {
    here.state &= ~kEnd;
    return kReady;
  }
  return kWaits;
}

int readiness::ready_now(const descriptor_waiter& waiter) noexcept {
  pollfd asked{.fd = waiter.descriptor, .events = 0, .revents = 0};
  if ((waiter.wants & kRead) != 0) asked.events |= POLLIN;
  if ((waiter.wants & kWrite) != 0) asked.events |= POLLOUT;
  if (::poll(&asked, 1, 0) <= 0) return kWaits;
  return (asked.revents & POLLNVAL) != 0 ? EBADF : kReady;
}

int readiness::enroll(slot& here, int fd, std::uint32_t generation) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = std::uint64_t{generation | kRegistered} << 32 | static_cast<std::uint32_t>(fd);
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
    // Changing a registration looks anew whether it is ready, as adding does.
    if (errno == EEXIST && ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0) {
      here.state = generation | kRegistered;
      return kWaits;
    }
    // A file: reading it waits for nobody.
    return errno == EPERM ? kReady : errno;
  }
  here.state = generation | kRegistered;
  return kWaits;
}

void readiness::link(slot& here, descriptor_waiter& waiter) noexcept {
  waiter.previous = nullptr;
  waiter.next = nullptr;
  waiter.queued = true;
  if (here.first == nullptr) {
    here.first = &waiter;
    return;
  }
  // Seldom more than one; in the order they came.
  lock_waiter* last = here.first;
  while (last->next != nullptr) last = last->next;
  last->next = &waiter;
  waiter.previous = last;
}

void readiness::unlink(slot& here, lock_waiter& waiter) noexcept {
  (waiter.previous == nullptr ? here.first : waiter.previous->next) = waiter.next;
  if (waiter.next != nullptr) waiter.next->previous = waiter.previous;
  waiter.next = waiter.previous = nullptr;
  waiter.queued = false;
}

void readiness::leave(descriptor_waiter& waiter) noexcept {
  slot* const here = find(waiter.descriptor);
  if (here == nullptr) return;
  const futex_guard held(here->guard);
  if (waiter.queued) unlink(*here, waiter);
}

std::size_t readiness::fetch(instant timeout) noexcept { return wait_for_events(epoll_, events_, timeout); }

readiness::slot* readiness::target(std::size_t index, std::uint32_t& state, std::uint32_t& edges) noexcept {
  const epoll_event& event = events_[index];
  const std::uint64_t tag = event.data.u64;
  if (tag == kInterrupt) return nullptr;
  state = static_cast<std::uint32_t>(tag >> 32);
  const auto fd = static_cast<int>(static_cast<std::uint32_t>(tag));
  const std::uint32_t what = event.events;
  // Hang-up and error count as readable and writable: the node learns of them from its own call.
  if ((what & EPOLLIN) != 0) edges |= kRead;
  if ((what & EPOLLOUT) != 0) edges |= kWrite;
  if ((what & EPOLLRDHUP) != 0) edges |= kRead | kWrite | kEnd;
  if ((what & (EPOLLHUP | EPOLLERR)) != 0) edges |= kRead | kWrite | kEnd;
  return descriptors::generation(fd) * kGenerationStep == (state & ~(kRegistered | kKept)) ? find(fd) : nullptr;
}

void readiness::interrupt() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(interrupt_, &one, sizeof one);
}

}  // namespace flux::core
