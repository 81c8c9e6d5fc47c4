#include "reuse.hpp"

#include <arpa/inet.h>
#include <ext/stdio_filebuf.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

flux::tcp_listener listener;

namespace {

constexpr int kThreads = 5;
int wanted = 0;
std::atomic<int> greatest{0};

[[noreturn]] void give_up(const char* what, int number) {
  std::printf("connection %d: %s\n", number, what);
  std::fflush(stdout);
  std::_Exit(9);
}

// Speaks only when the server has had a moment to park its flow.
void connect_once(int number) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(listener.port()));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  // Closed by a reset, no port is kept in TIME_WAIT: there are fewer of them than connections.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) give_up("refused", number);
  if (number % 4 == 0) std::this_thread::yield();
  const char how = "nlf"[number % 3];
  if (::send(fd, &how, 1, MSG_NOSIGNAL) != 1) give_up("not sent", number);
  char answer = 0;
  if (::recv(fd, &answer, 1, 0) != 1 || answer != how) give_up("not answered", number);
  ::close(fd);
}

}  // namespace

int init(int argc, char** argv) {
  if (argc != 2) return 1;
  wanted = std::atoi(argv[1]);
  listener.open("127.0.0.1", 0);
  return 0;
}

int Clients(int& connections) {
  static bool done = false;
  if (done) {
    while (!flux::stopping()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return 0;
  }
  done = true;
  std::atomic<int> next{0};
  std::vector<std::thread> threads;
  for (int each = 0; each < kThreads; ++each) {
    threads.emplace_back([&next] {
      for (int number = next++; number < wanted; number = next++) connect_once(number);
    });
  }
  for (std::thread& each : threads) each.join();
  connections = wanted;
  return 0;
}

int Stop(int connections) {
  std::printf("%d connections, %s\n", connections, greatest < 40 ? "few descriptors" : "many descriptors");
  flux::stop();
  return 0;
}

int Listen(int& client) {
  flux::socket accepted;
  const int error = listener.accept(accepted);
  if (error == 0) client = accepted.release();
  return error;
}

int Read(int client, char& how) {
  if (client > greatest) greatest = client;
  const ssize_t got = ::recv(client, &how, 1, 0);
  if (got == 1) return 0;
  return got == 0 ? ECONNRESET : errno == EAGAIN ? flux::again : errno;
}

int Answer(int client, char how) {
  ::send(client, &how, 1, MSG_NOSIGNAL);
  if (how == 'n') return ::close(client);
  if (how == 'f') return std::fclose(::fdopen(client, "w"));
  // libstdc++ closes what it was given.
  __gnu_cxx::stdio_filebuf<char> library(client, std::ios::out);
  return 0;
}

void Drop(int client, int) { ::close(client); }
