// Registering descriptors and fetching events.
#include "event/events.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "core/descriptors.hpp"
#include "core/epoll.hpp"

namespace flux::event {
namespace {

// In place of a descriptor, in the event of the interrupt.
constexpr std::uint64_t kInterrupt = ~std::uint64_t{0};

}  // namespace

events::~events() {
  if (epoll_ >= 0) ::close(epoll_);
  if (interrupt_ >= 0) ::close(interrupt_);
  for (chunk* const each : chunks_) delete each;
}

int events::open(std::uint32_t number) noexcept {
  number_ = number;
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

events::slot* events::make(int fd) noexcept {
  if (static_cast<std::uint32_t>(fd) >= kChunkSize * kChunks) return nullptr;
  chunk*& here = chunks_[static_cast<std::uint32_t>(fd) / kChunkSize];
  here = new (std::nothrow) chunk;
  return here == nullptr ? nullptr : &here->slots[static_cast<std::uint32_t>(fd) % kChunkSize];
}

int events::wait(waiter& one, int fd) noexcept {
  if (fd < 0) return EBADF;
  slot* found = find(fd);
  if (found == nullptr) [[unlikely]] found = make(fd);
  if (found == nullptr) [[unlikely]] return ENOMEM;
  slot& here = *found;
  const descriptors::registration now = descriptors::registered(fd);
  if (now.loop != number_) [[unlikely]] {
    if (const int answer = enroll(here, fd, now.generation); answer != kWaits) return answer;
  } else if (const std::uintptr_t kept = here.word & kKept; kept != 0) {
    if ((kept & one.wants) != 0) {
      here.word &= ~std::uintptr_t{one.wants};
      return kReady;
    }
    if ((kept & kEnd) != 0 && (one.wants & kRead) != 0) {
      here.word &= ~kEnd;
      return kReady;
    }
  }
  waiter* const first = here.first();
  if (one.at == waiter::place::watch) {
    static_cast<watch&>(one).other = first;
  } else if (first != nullptr) [[unlikely]] {
    return kOccupied;
  }
  here.set_first(&one);
  return kWaits;
}

int events::enroll(slot& here, int fd, std::uint32_t generation) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(fd);
  // Changing a registration looks anew whether it is ready, as adding does.
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0 && (errno != EEXIST || ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) != 0)) {
    // A file: reading it waits for nobody.
    return errno == EPERM ? kReady : errno;
  }
  here.word &= ~kKept;
  descriptors::set_loop(fd, {.generation = generation, .loop = number_});
  return kWaits;
}

void events::leave(waiter& one) noexcept {
  slot* const here = find(one.descriptor());
  if (here == nullptr) return;
  waiter* const after = one.at == waiter::place::watch ? static_cast<watch&>(one).other : nullptr;
  waiter* each = here->first();
  if (each == &one) {
    here->set_first(after);
    return;
  }
  // What has something behind it is a watch.
  while (each != nullptr && each->at == waiter::place::watch) {
    auto& before = static_cast<watch&>(*each);
    if (before.other == &one) {
      before.other = after;
      return;
    }
    each = before.other;
  }
}

std::size_t events::poll(instant timeout) noexcept { return core::wait_for_events(epoll_, events_, timeout); }

events::slot* events::target(std::size_t index, std::uintptr_t& edges) const noexcept {
  const epoll_event& event = events_[index];
  const std::uint64_t tag = event.data.u64;
  if (tag == kInterrupt) [[unlikely]] return nullptr;
  const auto fd = static_cast<int>(static_cast<std::uint32_t>(tag));
  // A number that was closed meanwhile, and perhaps used again, is another descriptor.
  if (descriptors::generation(fd) != static_cast<std::uint32_t>(tag >> 32)) return nullptr;
  const std::uint32_t what = event.events;
  if ((what & EPOLLIN) != 0) edges |= kRead;
  if ((what & EPOLLOUT) != 0) edges |= kWrite;
  // Hang-up and error count as readable and writable: the node learns of them from its own call.
  if ((what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) edges |= kRead | kWrite | kEnd;
  return find(fd);
}

void events::interrupt() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(interrupt_, &one, sizeof one);
}

}  // namespace flux::event
