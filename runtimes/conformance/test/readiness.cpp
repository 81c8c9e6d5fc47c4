#include "readiness.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "violation.hpp"

namespace flux::test {

namespace {

void add_polled(std::vector<pollfd>& descriptors, std::span<const interest> interests) {
  for (const auto& [descriptor, writable] : interests) {
    descriptors.push_back({descriptor, static_cast<short>(writable ? POLLOUT : POLLIN | POLLRDHUP), 0});
  }
}

}  // namespace

readiness::readiness(readiness_model model) noexcept : model_(model) {
  if (model_ == readiness_model::edge) epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
}

readiness::~readiness() {
  if (epoll_ >= 0) ::close(epoll_);
}

bool readiness::open(std::span<const interest> interests) noexcept {
  return std::ranges::all_of(interests, [](const interest& one) { return one.descriptor >= 0 && ::fcntl(one.descriptor, F_GETFD) >= 0; });
}

bool readiness::nonblocking(std::span<const interest> interests) noexcept {
  return std::ranges::all_of(interests, [](const interest& one) { return (::fcntl(one.descriptor, F_GETFL) & O_NONBLOCK) != 0; });
}

void readiness::watch(std::span<const interest> interests) noexcept {
  if (model_ == readiness_model::level) return;
  for (const auto& one : interests) {
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.fd = one.descriptor;
    // Registered once; the kernel forgets a descriptor when it is closed, so a number that is used again is registered anew.
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, one.descriptor, &event) == 0) {
      seen_[one.descriptor] = {};
    } else if (errno == EPERM) {
      seen_[one.descriptor].hung_up = true;  // a plain file is always ready
    } else if (errno != EEXIST) {
      violation("epoll_ctl on descriptor %d failed with %d", one.descriptor, errno);
    }
  }
}

void readiness::update() noexcept {
  epoll_event events[64];
  int count = 0;
  do {
    count = ::epoll_wait(epoll_, events, 64, 0);
    for (int index = 0; index < count; ++index) {
      const auto what = events[index].events;
      auto& edge = seen_[events[index].data.fd];
      edge.readable = edge.readable || (what & EPOLLIN) != 0;
      edge.writable = edge.writable || (what & EPOLLOUT) != 0;
      edge.hung_up = edge.hung_up || (what & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0;
    }
  } while (count == 64);
}

std::vector<bool> readiness::ready(std::span<const std::span<const interest>> sets) noexcept {
  std::vector<pollfd> descriptors;
  for (const auto& interests : sets) add_polled(descriptors, interests);
  ::poll(descriptors.data(), descriptors.size(), 0);
  if (model_ == readiness_model::edge) update();

  std::vector<bool> result(sets.size());
  auto answer = descriptors.begin();
  for (std::size_t index = 0; index < sets.size(); ++index) {
    const bool by_level = model_ == readiness_model::level || !nonblocking(sets[index]);
    for (const auto& one : sets[index]) {
      if (by_level) {
        if (answer->revents != 0) result[index] = true;
      } else {
        const auto& edge = seen_[one.descriptor];
        if (edge.hung_up || (one.writable ? edge.writable : edge.readable)) result[index] = true;
      }
      ++answer;
    }
  }
  for (std::size_t index = 0; index < sets.size(); ++index) {
    if (!result[index]) continue;
    for (const auto& one : sets[index]) (one.writable ? seen_[one.descriptor].writable : seen_[one.descriptor].readable) = false;
  }
  return result;
}

void readiness::block(std::span<const interest> interests, int milliseconds) noexcept {
  std::vector<pollfd> descriptors;
  add_polled(descriptors, interests);
  ::poll(descriptors.data(), descriptors.size(), milliseconds);
}

}  // namespace flux::test
