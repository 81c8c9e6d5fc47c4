// The limit of a thread a connection, threads reused: a thread waits in accept, serves its connection with blocking calls
// until that ends, and waits in accept again. The kernel hands over connections; nothing else passes between threads.
//
// There is always a thread in accept: the one that leaves it last starts another. Threads that find many waiting end.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "server.hpp"

namespace {

class server {
 public:
  explicit server(const limit::options& chosen)
      : answer_(limit::make_answer(chosen)), closes_(chosen.close), listener_(limit::listen_on(chosen, 0)) {}

  void work() {
    while (waiting_.load(std::memory_order_relaxed) < kMostWaiting) {
      waiting_.fetch_add(1, std::memory_order_relaxed);
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (waiting_.fetch_sub(1, std::memory_order_relaxed) == 1) start_thread();
      if (client < 0) continue;
      serve(client);
      ::close(client);
    }
  }

  void start_thread() {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    pthread_t thread;
    const auto body = [](void* self) -> void* {
      static_cast<server*>(self)->work();
      return nullptr;
    };
    // Without a thread more, clients wait until one of those there are is free.
    pthread_create(&thread, &attributes, body, this);
    pthread_attr_destroy(&attributes);
  }

 private:
  static constexpr int kMostWaiting = 256;
  static constexpr std::size_t kStackBytes = 64 * 1024;

  void serve(int client) const noexcept {
    limit::request_ends ends;
    char bytes[16 * 1024];
    for (;;) {
      const ssize_t length = ::recv(client, bytes, sizeof bytes, 0);
      if (length <= 0) return;
      const unsigned requests = ends.count(bytes, static_cast<std::size_t>(length));
      for (unsigned each = 0; each < requests; ++each) {
        if (!send_answer(client) || closes_) return;
      }
    }
  }

  bool send_answer(int client) const noexcept {
    for (std::size_t sent = 0; sent < answer_.size();) {
      const ssize_t length = ::send(client, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (length < 0) return false;
      sent += static_cast<std::size_t>(length);
    }
    return true;
  }

  std::string answer_;
  bool closes_;
  int listener_;
  std::atomic<int> waiting_ = 0;  // threads in accept, or about to be
};

}  // namespace

int main(int count, char** words) {
  server shared(limit::read_options(count, words));
  for (;;) {
    shared.work();
    // This thread's end would be the program's; it waits until others are needed again.
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}
