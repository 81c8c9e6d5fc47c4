// The limit of a thread pool: any of a few threads serves any connection, and all of them wait in one epoll.
//
// A connection is registered once, edge-triggered, so a request costs no epoll_ctl. Two threads may then be told of the
// same connection at once: an atomic word in its entry says whose it is, and the second leaves a mark for the first.
// Nothing here can block a thread, so this is the least that handing connections between threads can cost.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "server.hpp"

namespace {

enum class claim : std::uint8_t {
  free,   // nobody serves it
  taken,  // one thread does
  again,  // one thread does, and something has come since it began
};

// Everything but `state` belongs to the thread that took it. The entry outlives connections: a number that is closed
// and given out again keeps it, so a late event of the old connection finds the new one and, at worst, nothing to read.
struct connection {
  std::atomic<claim> state = claim::free;
  limit::request_ends ends;
  std::uint16_t owed = 0;  // answers not yet sent whole
  std::uint32_t sent = 0;  // bytes of the first of them
};

class server {
 public:
  explicit server(const limit::options& chosen)
      : answer_(limit::make_answer(chosen)),
        closes_(chosen.close),
        listener_(limit::listen_on(chosen, SOCK_NONBLOCK)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        connections_(most_descriptors()) {
    register_for(listener_, EPOLLIN | EPOLLET);
  }

  [[noreturn]] void work() {
    epoll_event events[kEvents];
    for (;;) {
      const int count = ::epoll_wait(epoll_, events, kEvents, -1);
      for (int at = 0; at < count; ++at) {
        if (events[at].data.fd == listener_) {
          accept_all();
        } else {
          serve(events[at].data.fd, (events[at].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
        }
      }
    }
  }

 private:
  // Few enough that a burst is shared out among the threads.
  static constexpr int kEvents = 16;
  static constexpr std::size_t kBytes = 16 * 1024;

  enum class progress { waits, over };

  static std::size_t most_descriptors() {
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) limit::fail("getrlimit");
    return descriptors.rlim_cur;
  }

  // Fails if a late event has ended the connection already, or if its number is another's and registered by now.
  void register_for(int descriptor, std::uint32_t what) noexcept {
    epoll_event event{};
    event.events = what;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void accept_all() noexcept {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client < 0) return;
      if (closes_) {
        serve_first(client);
      } else {
        register_client(client);
      }
    }
  }

  void register_client(int client) noexcept { register_for(client, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET); }

  // Its first request is there already. If one is all there will be, epoll need not know the connection.
  void serve_first(int client) noexcept {
    connection& self = connections_[static_cast<std::size_t>(client)];
    claim expected = claim::free;
    while (!self.state.compare_exchange_weak(expected, claim::taken, std::memory_order_acquire)) {
      expected = claim::free;  // a late event of the number's last connection is being looked into
      std::this_thread::yield();
    }
    if (answer(client, self, false) == progress::waits) register_client(client);
    release(client, self);
  }

  void serve(int client, bool hung_up) noexcept {
    connection& self = connections_[static_cast<std::size_t>(client)];
    if (self.state.load(std::memory_order_relaxed) == claim::free) {
      claim expected = claim::free;
      if (self.state.compare_exchange_strong(expected, claim::taken, std::memory_order_acquire)) {
        answer(client, self, hung_up);
        release(client, self);
        return;
      }
    }
    if (self.state.exchange(claim::again, std::memory_order_acq_rel) != claim::free) return;
    release(client, self);
  }

  // Gives the connection back, unless something came in the meantime: then that is served first.
  void release(int client, connection& self) noexcept {
    claim expected = claim::taken;
    while (!self.state.compare_exchange_strong(expected, claim::free, std::memory_order_release)) {
      self.state.exchange(claim::taken, std::memory_order_acquire);
      answer(client, self, true);
      expected = claim::taken;
    }
  }

  // Answers what has come; ends the connection where that is due.
  progress answer(int client, connection& self, bool hung_up) noexcept {
    bool asked = self.owed > 0;
    for (bool drained = false;;) {
      while (self.owed > 0) {
        const ssize_t length = ::send(client, answer_.data() + self.sent, answer_.size() - self.sent, MSG_NOSIGNAL);
        if (length < 0) return errno == EAGAIN ? progress::waits : end(client, self);
        self.sent += static_cast<std::uint32_t>(length);
        if (self.sent < answer_.size()) continue;
        self.sent = 0;
        --self.owed;
      }
      if (asked && closes_) return end(client, self);
      if (drained) return progress::waits;
      char bytes[kBytes];
      const ssize_t length = ::recv(client, bytes, sizeof bytes, 0);
      // A late event of a number that is nobody's now is no connection's end.
      if (length < 0 && (errno == EAGAIN || errno == EBADF)) return progress::waits;
      if (length <= 0) return end(client, self);
      drained = static_cast<std::size_t>(length) < sizeof bytes && !hung_up;
      const unsigned requests = self.ends.count(bytes, static_cast<std::size_t>(length));
      asked = requests > 0;
      self.owed = static_cast<std::uint16_t>(closes_ ? std::min(requests, 1U) : requests);
    }
  }

  static progress end(int client, connection& self) noexcept {
    self.ends = {};
    self.owed = 0;
    self.sent = 0;
    ::close(client);
    return progress::over;
  }

  std::string answer_;
  bool closes_;
  int listener_;
  int epoll_;
  std::vector<connection> connections_;
};

}  // namespace

int main(int count, char** words) {
  const limit::options chosen = limit::read_options(count, words);
  server shared(chosen);
  std::vector<std::jthread> threads;
  for (int each = 1; each < chosen.threads; ++each) threads.emplace_back([&shared] { shared.work(); });
  shared.work();
}
