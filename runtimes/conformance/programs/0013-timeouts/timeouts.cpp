#include "timeouts.hpp"

using conformance::say;

namespace {

// Pipes into which a byte is put: after so many ticks, or at every one.
struct promise {
  line* to;
  int ticks;
  bool forever;
};

std::mutex guard;
std::vector<promise> promised;

void promise_byte(line* to, int ticks, bool forever = false) {
  const std::lock_guard hold(guard);
  promised.push_back({to, ticks, forever});
}

void forget(line* to) {
  const std::lock_guard hold(guard);
  std::erase_if(promised, [to](const promise& one) { return one.to == to; });
}

// Reads what there is. True: there was something.
bool got(line* from) {
  char buffer[64];
  return ::read(from->fd(), buffer, sizeof buffer) > 0;
}

int wait_for_byte(line* incoming, int ticks) {
  if (!incoming->asked) promise_byte(incoming, ticks);
  incoming->asked = true;
  if (!got(incoming)) return flux::again;
  incoming->asked = false;
  return 0;
}

std::atomic<bool> seated = false;

// Of the flow that ends without a handler: nobody else frees it.
line* in_vain = nullptr;

}  // namespace

int Act() {
  const std::lock_guard hold(guard);
  for (auto& one : promised) {
    if (one.ticks > 0) --one.ticks;
    if (one.ticks > 0) continue;
    if (::write(one.to->writing.fd(), "x", 1) != 1) std::abort();
  }
  std::erase_if(promised, [](const promise& one) { return one.ticks == 0 && !one.forever; });
  return 0;
}

int Feed(int& number) { return feed.take(number); }

int Open(int, line*& incoming) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  incoming = new line;
  incoming->reading.reset(ends[0]);
  incoming->writing.reset(ends[1]);
  return 0;
}

int Tell(int number, line* incoming) {
  say("%d: worked", number);
  forget(incoming);
  delete incoming;
  return 0;
}

int Never(int, line*) { return flux::again; }
int InTime(int, line* incoming) { return wait_for_byte(incoming, 1); }

int Trickle(int, line* incoming) {
  if (!incoming->asked) promise_byte(incoming, 0, true);
  incoming->asked = true;
  if (got(incoming)) ++incoming->rounds;
  return flux::again;
}

int SlowCall(int, line*) {
  conformance::spend(60);
  return 0;
}

int SlowAgain(int, line* incoming) {
  if (++incoming->rounds == 2) std::abort();
  if (::write(incoming->writing.fd(), "x", 1) != 1) std::abort();
  conformance::spend(60);
  return flux::again;
}

int SlowCall2(int, line*) {
  conformance::spend(60);
  return 0;
}

int NotCalled(int, line*) { std::abort(); }
int Quick(int, line*) { return 0; }
int Waits(int, line*) { return flux::again; }

int Pause(int, line* incoming) {
  const int result = wait_for_byte(incoming, 10);
  if (result == 0) ++incoming->rounds;
  return result;
}

int Pause2(int, line* incoming) {
  const int result = wait_for_byte(incoming, 2);
  if (result == 0) ++incoming->rounds;
  return result;
}

bool IsThrough(line* incoming) { return incoming->rounds == 4; }
bool IsGone(line* incoming) { return incoming->rounds > 100; }

int NoHandler(int number, line* incoming) {
  if (!incoming->asked) say("%d: waits in vain", number);
  incoming->asked = true;
  in_vain = incoming;
  return flux::again;
}

int Waits2(int, line*) { return flux::again; }

// Goes on once somebody sits.
int Call(int, line* incoming) {
  if (!incoming->asked) {
    seated = false;
    sitters.put("s", 1);
  }
  incoming->asked = true;
  if (seated) return 0;
  promise_byte(incoming, 0);
  got(incoming);
  return flux::again;
}

int Sitters(int& chair) {
  char byte = 0;
  chair = nothing.fd();
  return ::read(sitters.fd(), &byte, 1) == 1 ? 0 : flux::again;
}

int Stay(int) {
  seated = true;
  return flux::again;
}

int Queued(int, line*) { std::abort(); }
int QueuedToo(int, line*) { std::abort(); }

void Late(int number, line* incoming, int error) {
  if (number == 3) {
    say("%d: ETIMEDOUT %d, after several bytes: %d", number, error == ETIMEDOUT, incoming->rounds >= 2);
  } else {
    say("%d: ETIMEDOUT %d", number, error == ETIMEDOUT);
  }
  forget(incoming);
  delete incoming;
}

void LateRound(int number, line* incoming, int error) {
  say("%d: ETIMEDOUT %d, in a later round: %d", number, error == ETIMEDOUT, incoming->rounds >= 1);
  forget(incoming);
  delete incoming;
}

void finish() {
  delete in_vain;
  say("finish");
}
