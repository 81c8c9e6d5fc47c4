#include "wait.hpp"

#include <cstring>
#include <deque>
#include <functional>

using conformance::say;

namespace {

// What the world does, one a tick.
std::mutex guard;
std::deque<std::function<void()>> asked;

void ask(std::function<void()> act) {
  const std::lock_guard hold(guard);
  asked.push_back(std::move(act));
}

void put(int descriptor, const char* text) {
  const auto size = std::strlen(text);
  if (::write(descriptor, text, size) != static_cast<ssize_t>(size)) std::abort();
}

// As a node must: what is there, or `again`.
int read_all(int descriptor, std::string& into) {
  char buffer[64];
  for (;;) {
    const auto got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0) return errno == EAGAIN ? flux::again : errno;
    if (got == 0) return 0;
    into.append(buffer, static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < sizeof buffer) return flux::again;
  }
}

}  // namespace

int Act() {
  std::function<void()> act;
  {
    const std::lock_guard hold(guard);
    if (asked.empty()) return 0;
    act = std::move(asked.front());
    asked.pop_front();
  }
  act();
  return 0;
}

int Feed(int& number) { return feed.take(number); }

int Open(int number, int& reading, int& writing) {
  int ends[2];
  if (::pipe2(ends, number == 6 ? O_CLOEXEC : O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  reading = ends[0];
  writing = ends[1];
  return 0;
}

int ReadLine(int, int reading, int writing, std::string& line, int& calls) {
  ++calls;
  if (calls == 1) {
    for (const char* piece : {"GET", " /half", " of it", "\n"}) ask([=] { put(writing, piece); });
  }
  const int result = read_all(reading, line);
  if (result == flux::again && line.ends_with('\n')) return 0;
  return result;
}

int Show(int number, int reading, int writing, const std::string& line, int calls) {
  say("%d: %.*s, in some calls: %d", number, static_cast<int>(line.size()) - 1, line.c_str(), calls >= 2);
  ::close(reading);
  ::close(writing);
  return 0;
}

int Beside(int, int, int, channel*& other) {
  other = &pulse;
  return 0;
}

int ReadAny(int number, int, int, channel* other) {
  static bool first = true;
  if (first) ask([] { pulse.put("p", 1); });
  first = false;
  std::string text;
  const int result = read_all(other->fd(), text);
  if (result == flux::again && text.empty()) return flux::again;
  say("%d: \"%s\" on the other one", number, text.c_str());
  return 0;
}

int Negative(int number, int& reading, int) {
  say("%d: called once", number);
  ::close(reading);
  reading = -1;
  return flux::again;
}

int Closed(int number, int, int writing) {
  say("%d: called once", number);
  ::close(writing);
  return flux::again;
}

void Bad(int number, int reading, int writing, int error) {
  say("%d: EBADF %d", number, error == EBADF);
  ::close(number == 3 ? writing : reading);
}

int HangUp(int number, int reading, int& writing) {
  static bool first = true;
  if (first) ask([writing] { ::close(writing); });
  first = false;
  char byte;
  const auto got = ::read(reading, &byte, 1);
  if (got < 0) return flux::again;
  say("%d: end of file, read gave %zd", number, got);
  writing = -1;
  return 0;
}

int Soon(int, int, int writing) {
  ask([writing] { put(writing, "six"); });
  return 0;
}

int Blocking(int number, int reading, int) {
  char text[8];
  const auto got = ::read(reading, text, sizeof text);
  say("%d: called when it was ready, read gave %zd", number, got);
  return 0;
}

int Own(int, int reading, int, flux::socket& reader) {
  reader.reset(reading);
  return 0;
}

int Owned(flux::socket& reader, int number, int writing, line*& incoming) {
  if (incoming == nullptr) {
    incoming = new line;
    ask([writing] { put(writing, "object"); });
  }
  const int result = read_all(reader.fd(), incoming->text);
  if (incoming->text.empty()) return result;
  say("%d: %s", number, incoming->text.c_str());
  incoming->text.clear();
  incoming->end = std::move(reader);
  return 0;
}

int Pointed(line* incoming, int number, int writing, int& reading) {
  static bool first = true;
  if (first) ask([writing] { put(writing, "pointer"); });
  first = false;
  const int result = read_all(incoming->fd(), incoming->text);
  if (incoming->text.empty()) return result;
  say("%d: %s", number, incoming->text.c_str());
  reading = incoming->end.release();
  delete incoming;
  return 0;
}

int Fill(int, int reading, int writing) {
  char block[4096] = {};
  while (::write(writing, block, sizeof block) > 0) {
  }
  ask([reading] {
    // That the pipe had room again orders this before its closing; the mutex says so to ThreadSanitizer.
    const std::lock_guard hold(guard);
    char drained[16384];
    if (::read(reading, drained, sizeof drained) != sizeof drained) std::abort();
  });
  return 0;
}

int WriteMore(int number, int, int writing, channel*) {
  const auto put = ::write(writing, "more", 4);
  if (put < 0) return flux::again;
  say("%d: there was room, write gave %zd", number, put);
  return 0;
}

int ReadyAlready(int number, int, int) {
  say("%d: not parked", number);
  return 0;
}

int Close(int number, int reading, int writing) {
  say("%d: closed", number);
  const std::lock_guard hold(guard);
  ::close(reading);
  if (writing >= 0) ::close(writing);
  return 0;
}

void finish() { say("finish"); }
