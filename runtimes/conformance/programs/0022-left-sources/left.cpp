#include "left.hpp"

#include <string_view>

using conformance::say;
using conformance::spend;

namespace {

std::string_view who;
std::string_view how;

// A source that is not the one this run is about has nothing to do: it blocks as long as the server may take to end.
int rest() {
  if (flux_test_spend != nullptr) return flux::again;  // on one thread nobody may block: without a `wait` that is a failure
  spend(400);
  return flux::again;
}

// Works once, fails once, and is then inside while the server stops. `finish` takes longer than what it does from there on.
int turn(const char* name, int& number, int& calls, int first_number) {
  if (who != name) return rest();
  ++calls;
  number = first_number + calls;
  if (calls == 1) return 0;
  if (calls == 2) return 40;
  flux::stop();
  spend(20);
  return how == "fails" ? 41 : 0;
}

// In a run that is about others a source has failed for want of anything to do: that is no news.
void report(const char* name, int error) {
  if (error == EAGAIN) return;
  // Only the failure before the stop has a handler.
  if (flux::stopping() || error != 40) std::abort();
  say("%s failed", name);
}

}  // namespace

int init(int argc, char** argv) {
  if (argc != 3) return 1;
  who = argv[1];
  how = argv[2];
  return 0;
}

int Direct(int& number, counted& owned) {
  static int calls = 0;
  owned.value = 1;
  return turn("Direct", number, calls, 0);
}

void Refused(int error) { report("source", error); }

int First(int& number) {
  static int calls = 0;
  if (who == "Second") {
    number = 7;
    return 0;
  }
  return turn("First", number, calls, 0);
}

int Second(int number, counted& owned) {
  static int calls = 0;
  owned.value = 2;
  if (who != "Second") {
    if (flux::stopping()) std::abort();
    return 0;
  }
  return turn("Second", number, calls, 0);
}

void Late(int, int error) { report("second node", error); }

int Waiting(int& number, counted& owned) {
  static int calls = 0;
  owned.value = 3;
  if (who != "Waiting") return flux::again;
  return turn("Waiting", number, calls, 0);
}

int Serve(int, counted owned) {
  if (flux::stopping()) std::abort();
  say("serves %d", owned.value);
  return 0;
}

void finish() {
  say("finish");
  spend(100);
}
