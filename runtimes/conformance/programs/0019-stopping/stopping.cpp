#include "stopping.hpp"

#include <csignal>

using conformance::note;

namespace {

std::atomic<bool> stopped = false;
std::atomic<int> ready = 0;
std::atomic<int> last = 0;
bool by_signal = false;

// Each of the flows 1 to 3 is about to be parked for the first time.
void about_to_park(int number) {
  static std::atomic<int> seen[4];
  if (seen[number]++ == 0 && ++ready == 3) feed.put("4", 1);
}

}  // namespace

int init(int argc, char** argv) {
  by_signal = argc > 1 && argv[1] == std::string("signal");
  if (flux::stopping()) std::abort();
  feed.put("123", 3);
  return 0;
}

int Feed(visitor& number) {
  char byte = 0;
  if (::read(feed.fd(), &byte, 1) != 1) return flux::again;
  number.number = byte - '0';
  return 0;
}

int Idle(visitor number) {
  about_to_park(number.number);
  if (!flux::stopping()) return flux::again;
  note("idle: called once more");
  return ECANCELED;
}

// Told of the stop it asks for the rest of its request.
int Half(visitor number, int& calls) {
  about_to_park(number.number);
  static bool told = false;
  char byte = 0;
  if (::read(rest.fd(), &byte, 1) == 1) {
    note("half: got the rest, stopping %d", flux::stopping());
    ++calls;
    return 0;
  }
  if (flux::stopping() && !told) {
    told = true;
    note("half: called once more");
    rest.put("r", 1);
  }
  return flux::again;
}

int Drop(int calls) {
  note("half: ended, %d", calls);
  return 0;
}

int Patient(visitor number) {
  about_to_park(number.number);
  return flux::again;
}

int Stop(visitor number) {
  if (number.number != 4) note("a flow starts after the stop");
  stopped = true;
  if (by_signal) {
    std::raise(SIGTERM);
  } else {
    flux::stop();
  }
  if (!flux::stopping()) std::abort();
  // What comes now is for a source that is called no more; one that was being called starts no flow.
  feed.put("5", 1);
  flux::stop();
  return 0;
}

void Cancelled(visitor, int error) { note("idle: cancelled %d", error == ECANCELED); }
void Out(visitor, int error) { note("patient: timed out %d", error == ETIMEDOUT); }

int Beat() {
  if (stopped && ++last > 1) note("a timer ticks after the stop");
  return 0;
}

void finish() {
  conformance::say_notes();
  conformance::say("finish");
}
