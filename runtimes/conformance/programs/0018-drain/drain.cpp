#include "drain.hpp"

using conformance::say;

namespace {

// So that 3 queues behind 2.
std::atomic<bool> held = false;

}  // namespace

int init(int, char**) {
  rounds.put("xx", 2);
  feed.put("1", 1);
  return 0;
}

// One after the other; 3 only when 2 holds its seat.
int Feed(int& number) {
  static int next = 1;
  char byte = 0;
  if (next == 8 || ::read(feed.fd(), &byte, 1) != 1) return flux::again;
  number = next++;
  return 0;
}

int Make(int number, guest& a, std::unique_ptr<counted>& b) {
  a.value = number;
  b = std::make_unique<counted>(number);
  if (number != 2 && number != 7) feed.put("x", 1);
  return 0;
}

int Waits(int, guest&, std::unique_ptr<counted>&) { return flux::again; }

int Holds(int, guest&, std::unique_ptr<counted>&) {
  if (!held.exchange(true)) feed.put("x", 1);
  return flux::again;
}

int Queues(int, guest&, std::unique_ptr<counted>&) { std::abort(); }

int Limited(int, guest&, std::unique_ptr<counted>&, counted& more, std::string& text) {
  more.value = 1;
  text = "half of something that is too long to be stored in place";
  return flux::again;
}

int Drop(const counted&, const std::string&) { std::abort(); }

int Round(int, guest&, std::unique_ptr<counted>&) {
  char byte = 0;
  return ::read(rounds.fd(), &byte, 1) == 1 ? 0 : flux::again;
}

int Ends(int, guest&, std::unique_ptr<counted>&) { return 0; }
int Stop(int, guest&, std::unique_ptr<counted>&) { return flux::again; }
void Now(int, int) { flux::stop(); }
void Never(int, int) { std::abort(); }

void finish() { say("finish: %d alive", counted::alive.load()); }
