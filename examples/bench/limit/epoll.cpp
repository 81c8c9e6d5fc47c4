// The limit: an edge-triggered epoll on one thread, or on as many as are asked for, which share nothing. A request costs
// one read, one write, and its share of an epoll_wait.
//
// A connection is registered once for its life. Nothing is allocated for a request, and for a connection only its place
// in a table whose index is the descriptor.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "server.hpp"

namespace {

struct connection {
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
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) limit::fail("getrlimit");
    connections_.resize(descriptors.rlim_cur);
    register_for(listener_, EPOLLIN);
  }

  [[noreturn]] void run() {
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
  static constexpr int kEvents = 512;
  static constexpr std::size_t kBytes = 16 * 1024;
  static constexpr std::uint16_t kMostOwed = 64;

  void register_for(int descriptor, std::uint32_t what) noexcept {
    epoll_event event{};
    event.events = what;
    event.data.fd = descriptor;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) limit::fail("epoll_ctl");
  }

  void accept_all() noexcept {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client < 0) return;
      connections_[static_cast<std::size_t>(client)] = {};
      // Its first request is there already. If one is all there will be, epoll need not know the connection.
      if (closes_ && serve(client, false)) continue;
      register_for(client, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    }
  }

  enum class progress { done, waits, failed };

  // Answers what has come. Returns whether the connection is over and closed.
  bool serve(int client, bool hung_up) noexcept {
    connection& self = connections_[static_cast<std::size_t>(client)];
    bool asked = self.owed > 0;
    for (bool drained = false;;) {
      if (self.owed > 0) {
        const progress made = send_owed(client, self);
        if (made == progress::waits) return false;
        if (made == progress::failed) return end(client);
      }
      if (asked && closes_) return end(client);
      if (drained) return false;
      char bytes[kBytes];
      const ssize_t length = ::recv(client, bytes, sizeof bytes, 0);
      if (length < 0 && errno == EAGAIN) return false;
      if (length <= 0) return end(client);
      // A read that did not fill its buffer has emptied the socket; what comes later is a new edge. Only the end of the
      // stream may have come with the edge that is being served.
      drained = static_cast<std::size_t>(length) < sizeof bytes && !hung_up;
      const unsigned requests = self.ends.count(bytes, static_cast<std::size_t>(length));
      asked = requests > 0;
      self.owed = static_cast<std::uint16_t>(closes_ ? std::min(requests, 1U) : requests);
    }
  }

  // Where the socket's buffer is full, the edge of EPOLLOUT goes on.
  progress send_owed(int client, connection& self) noexcept {
    while (self.owed > 0) {
      const ssize_t length = self.owed == 1 ? ::send(client, answer_.data() + self.sent, answer_.size() - self.sent, MSG_NOSIGNAL)
                                            : send_many(client, self);
      if (length < 0) return errno == EAGAIN ? progress::waits : progress::failed;
      const std::size_t sent = self.sent + static_cast<std::size_t>(length);
      self.owed = static_cast<std::uint16_t>(self.owed - sent / answer_.size());
      self.sent = static_cast<std::uint32_t>(sent % answer_.size());
    }
    return progress::done;
  }

  ssize_t send_many(int client, const connection& self) noexcept {
    iovec parts[kMostOwed];
    const std::uint16_t count = std::min(self.owed, kMostOwed);
    for (std::uint16_t at = 0; at < count; ++at) parts[at] = {answer_.data(), answer_.size()};
    parts[0] = {answer_.data() + self.sent, answer_.size() - self.sent};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = count;
    return ::sendmsg(client, &message, MSG_NOSIGNAL);
  }

  static bool end(int client) noexcept {
    ::close(client);
    return true;
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
  // A loop and its table live on its own thread.
  for (int other = 1; other < chosen.loops; ++other) std::thread([chosen] { server(chosen).run(); }).detach();
  server(chosen).run();
}
