// A server written by hand in the shape that the compiler gives one that has constraints of a session and of a key, and a pool.
//
//   source Feed {session: SessionOf} => Work;
//   pool p: 3;
//   Work:[_, _, whole] = All;         atomic All: {b};                         // the class of b, as writer
//   Work:[_, _, _]     = One -> Hold; atomic One: {a(session), b[key], b[other]?, p};    timeout One: 1ms, for every seventh flow
//                                     (two flows of three are readers of `key` too)
//   With `drain`, Hold is inside the extent of One and waits for ever; the server stops itself when others queue behind it.
//
// Included by a file that says what it runs on: namespace flux::tested is that runtime. Arguments: one of `load`, `memory`, `drain`.
#ifndef FLUX_CORE_TESTDATA_KEYED_HPP
#define FLUX_CORE_TESTDATA_KEYED_HPP

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <thread>

#include "core/lock_memory.hpp"
#include "core/lock_table.hpp"
#include "core/wanted_lock.hpp"
#include "flux/stop.hpp"

// The test runtime has it: time that passes without anybody waiting for it.
extern "C" [[gnu::weak]] void flux_test_spend(long milliseconds);

namespace {

using worker = flux::tested::worker;

// ---------------------------------------------------------------------------------------------------------------------
// Nodes and what they keep: plain counters, which the constraints alone keep right.

constexpr int kFlows = 6000;
constexpr std::uint32_t kUnits = 3;
constexpr std::size_t kSessions = 5;
constexpr std::size_t kKeys = 7;

enum class behaviour { load, memory, drain } behaves = behaviour::load;
int fed = 0;
int never_ready[2];
std::array<long, kSessions> of_session{};
std::array<long, kKeys> of_key{};
std::array<std::atomic<long>, kSessions> expected_of_session{};
std::array<std::atomic<long>, kKeys> expected_of_key{};
std::atomic<std::uint32_t> units{0};
std::atomic<int> wrong{0};
std::atomic<int> timed_out{0};
std::atomic<int> without_memory{0};
std::atomic<int> done{0};
std::atomic<int> waiting{0};

// Has an end where a test wants one.
struct scarce_memory {
  static inline std::atomic<bool> gone{false};
  static void* get(std::size_t bytes) noexcept { return gone ? nullptr : flux::core::lock_memory::get(bytes); }
  static void put(void* memory, std::size_t bytes) noexcept { flux::core::lock_memory::put(memory, bytes); }
};

void take(int milliseconds) {
  if (flux_test_spend != nullptr) return flux_test_spend(milliseconds);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

void One(int number, std::int64_t session, std::size_t key, std::size_t other, bool writes) {
  wrong += ++units > kUnits;
  long& mine = of_session[static_cast<std::size_t>(session)];
  const long before = mine;
  const long seen = of_key[key];
  const long seen_of_other = of_key[other];
  // Long enough that others come, and give up.
  if (number % 64 == 0) take(3);
  mine = before + 1;
  ++expected_of_session[static_cast<std::size_t>(session)];
  if (writes) {
    of_key[key] = seen + 1;
    ++expected_of_key[key];
  } else {
    wrong += of_key[key] != seen;
  }
  wrong += key != other && of_key[other] != seen_of_other;
  --units;
}

void All() {
  for (std::size_t key = 0; key < kKeys; ++key) {
    wrong += of_key[key] != expected_of_key[key];
    ++of_key[key];
    ++expected_of_key[key];
  }
}

// Half of those there may be are queued: time to end.
void will_wait() {
  if (++waiting > 20 && behaves == behaviour::drain) flux::stop();
}

int init(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  behaves = how == "drain" ? behaviour::drain : how == "memory" ? behaviour::memory : behaviour::load;
  scarce_memory::gone = behaves == behaviour::memory;
  return ::pipe(never_ready);
}

// ---------------------------------------------------------------------------------------------------------------------
// What the compiler makes of it

enum : std::uint16_t { kRankOfA, kRankOfClassB, kRankOfB, kRankOfP };

flux::core::lock_table<worker::lock, std::int64_t, scarce_memory> locks_a{"a(session)", kRankOfA};
worker::lock class_b{"b", kRankOfClassB};
flux::core::lock_table<worker::lock, std::string, scarce_memory> locks_b{"b[key]", kRankOfB};
worker::lock pool_p{"p", kRankOfP, kUnits};

struct flow_record : worker::flow {
  flux::held_locks<worker::lock, 5> held;
  // Borrowed, and not held yet.
  worker::lock* wanted = nullptr;
  flux::instant deadline = flux::never;
  std::int64_t session = 0;
  std::string key;
  std::string other;
  int number = 0;
  std::uint8_t next_key = 0;
  flux::mode wanted_mode = flux::mode::read;
};

enum class at : std::uint16_t {
  activation_of_Feed,
  flow_of_Feed,
  acquire_class_b_for_All,
  acquire_a_for_One,
  acquire_class_b_for_One,
  acquire_b_for_One,
  acquire_p_for_One,
  wait_for_Hold,
};

flux::mode mode_of_key(const flow_record& record) { return record.number % 3 == 0 ? flux::mode::write : flux::mode::read; }

// Every seventh flow has one key for both.
std::size_t key_of(int number) { return static_cast<std::size_t>(number) % kKeys; }
std::size_t other_of(int number) { return static_cast<std::size_t>(number) * 3 % kKeys; }
std::string spelled(std::size_t key) { return "a key that is no short string, " + std::to_string(key); }

// Where a lock comes from a table, it goes back there.
void give_back(worker::lock& lock) noexcept {
  switch (lock.rank()) {
    case kRankOfA:
      return locks_a.give_back(lock);
    case kRankOfB:
      return locks_b.give_back(lock);
    default:
      return;
  }
}

void release_to(worker& runtime, flow_record& record, std::uint8_t count) noexcept {
  while (record.held.count() > count) {
    const auto held = record.held.pop();
    runtime.release(record, held);
    give_back(*held.lock);
  }
}

// What was borrowed for an acquisition that came to nothing.
void forget_wanted(flow_record& record) noexcept {
  if (record.wanted == nullptr) return;
  give_back(*record.wanted);
  record.wanted = nullptr;
}

void step(worker& runtime, flux::flow& flow) noexcept {
  auto& record = static_cast<flow_record&>(flow);
  const auto state = [&record](at to) { record.state = static_cast<std::uint16_t>(to); };
  switch (static_cast<at>(record.state)) {
    case at::activation_of_Feed:
      goto reach_Feed;
    case at::flow_of_Feed:
      goto dispatch_Work;
    case at::acquire_class_b_for_All:
      goto after_acquire_class_b_for_All;
    case at::acquire_a_for_One:
      goto after_acquire_a_for_One;
    case at::acquire_class_b_for_One:
      goto after_acquire_class_b_for_One;
    case at::acquire_b_for_One:
      goto after_acquire_b_for_One;
    case at::acquire_p_for_One:
      goto after_acquire_p_for_One;
    case at::wait_for_Hold:
      goto after_wait_for_Hold;
  }
  std::abort();

reach_Feed:
  if (auto* const started = static_cast<flow_record*>(runtime.fresh(record)); started != nullptr && fed < kFlows) {
    started->number = fed++;
    started->session = started->number % static_cast<int>(kSessions);
    started->key = spelled(key_of(started->number));
    started->other = spelled(other_of(started->number));
    started->state = static_cast<std::uint16_t>(at::flow_of_Feed);
    runtime.spawn(record, *started);
  } else if (started != nullptr) {
    // The last one says that it was that.
    started->number = -1;
    started->state = static_cast<std::uint16_t>(at::flow_of_Feed);
    runtime.spawn(record, *started);
  }
  if (behaves == behaviour::memory && fed == kFlows / 2) scarce_memory::gone = false;
  runtime.end(record, flux::ending::done);
  return;

dispatch_Work:
  if (record.number < 0) {
    flux::stop();
    runtime.end(record, flux::ending::done);
    return;
  }
  if (record.number % 7 == 0 && behaves != behaviour::drain) record.deadline = runtime.deadline_after(1'000'000);
  if (record.number % 16 != 1) goto acquire_a_for_One;

  state(at::acquire_class_b_for_All);
  will_wait();
  if (runtime.acquire(record, class_b, flux::mode::write, record.deadline) == flux::parked::yes) return;
after_acquire_class_b_for_All:
  --waiting;
  if (record.error != 0) goto failed_One;
  record.held.push(class_b, flux::mode::write);
  runtime.enter(record, 1);
  All();
  runtime.leave(record, 1);
  release_to(runtime, record, 0);
  goto end_done;

acquire_a_for_One:
  if (!flux::want(record, locks_a, record.session)) goto failed_One;
  state(at::acquire_a_for_One);
  will_wait();
  if (runtime.acquire(record, *record.wanted, flux::mode::write, record.deadline) == flux::parked::yes) return;
after_acquire_a_for_One:
  --waiting;
  if (record.error != 0) goto failed_One;
  flux::hold_wanted(record, flux::mode::write);

  state(at::acquire_class_b_for_One);
  will_wait();
  if (runtime.acquire(record, class_b, flux::mode::read, record.deadline) == flux::parked::yes) return;
after_acquire_class_b_for_One:
  --waiting;
  if (record.error != 0) goto failed_One;
  record.held.push(class_b, flux::mode::read);

  record.next_key = 0;
more_b_for_One:
  {
    flux::core::wanted_key<std::string> keys[] = {{&record.key, mode_of_key(record)}, {&record.other, flux::mode::read}};
    if (!flux::want_next(record, locks_b, keys)) {
      if (record.error != 0) goto failed_One;
      goto acquire_p_for_One;
    }
  }
  state(at::acquire_b_for_One);
  will_wait();
  if (runtime.acquire(record, *record.wanted, record.wanted_mode, record.deadline) == flux::parked::yes) return;
after_acquire_b_for_One:
  --waiting;
  if (record.error != 0) goto failed_One;
  flux::hold_wanted(record, record.wanted_mode);
  ++record.next_key;
  goto more_b_for_One;

acquire_p_for_One:
  state(at::acquire_p_for_One);
  will_wait();
  if (runtime.acquire(record, pool_p, flux::mode::read, record.deadline) == flux::parked::yes) return;
after_acquire_p_for_One:
  --waiting;
  if (record.error != 0) goto failed_One;
  record.held.push(pool_p, flux::mode::read);

  runtime.enter(record, 0);
  One(record.number, record.session, key_of(record.number), other_of(record.number), mode_of_key(record) == flux::mode::write);
  runtime.leave(record, 0);
  if (behaves == behaviour::drain) goto wait_for_Hold;
  release_to(runtime, record, 0);

end_done:
  ++done;
  runtime.end(record, flux::ending::done);
  return;

wait_for_Hold:
  {
    const flux::interest interests[] = {{never_ready[0], false}};
    state(at::wait_for_Hold);
    if (runtime.wait(record, interests, flux::never) == flux::parked::yes) return;
  }
after_wait_for_Hold:
  goto wait_for_Hold;

failed_One:
  forget_wanted(record);
  release_to(runtime, record, 0);
  timed_out += record.error == ETIMEDOUT;
  without_memory += record.error == ENOMEM;
  wrong += record.error != ETIMEDOUT && record.error != ENOMEM;
  runtime.failed(record, 0);
  runtime.end(record, flux::ending::failed);
}

void abandon(worker& runtime, flux::flow& flow) noexcept {
  auto& record = static_cast<flow_record&>(flow);
  release_to(runtime, record, 0);
  forget_wanted(record);
}

// Nobody holds any of it; it is so no more.
template <typename Lock>
bool is_free(Lock& lock, flux::mode how, std::uint32_t times) {
  if constexpr (requires { lock.idle(); }) {
    return lock.idle();
  } else {
    while (times != 0 && lock.try_acquire(how)) --times;
    return times == 0;
  }
}

void finish() {
  for (std::size_t session = 0; session < kSessions; ++session) wrong += of_session[session] != expected_of_session[session];
  for (std::size_t key = 0; key < kKeys; ++key) wrong += of_key[key] != expected_of_key[key];
  std::printf("{\"fed\":%d,\"done\":%d,\"timedOut\":%d,\"withoutMemory\":%d,\"wrong\":%d,\"inUse\":%zu,\"poolIsFull\":%s,\"classIsFree\":%s}\n", fed,
              done.load(), timed_out.load(), without_memory.load(), wrong.load(), locks_a.in_use() + locks_b.in_use(),
              is_free(pool_p, flux::mode::read, kUnits) ? "true" : "false", is_free(class_b, flux::mode::write, 1) ? "true" : "false");
}

int node_of_state(std::uint16_t of) noexcept {
  switch (static_cast<at>(of)) {
    case at::activation_of_Feed:
    case at::flow_of_Feed:
      return -1;
    case at::acquire_class_b_for_All:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr flux::source_description kSources[] = {{.name = "Feed",
                                                           .line = 1,
                                                           .timer = false,
                                                           .activation = static_cast<std::uint16_t>(at::activation_of_Feed),
                                                           .flow = static_cast<std::uint16_t>(at::flow_of_Feed),
                                                           .period = 0,
                                                           .limit = 40,
                                                           .waits = false,
                                                           .listener = nullptr}};
  static constexpr flux::node_description kNodes[] = {{"One", 4}, {"All", 3}};
  static constexpr flux::constraint_description kConstraints[] = {{"a(session)", 4}, {"b", 4}, {"b[key]", 4}, {"p", 4}};
  static const flux::program<worker> program{
      .name = "keyed",
      .file = "keyed.flux",
      .record_size = sizeof(flow_record),
      .record_alignment = alignof(flow_record),
      .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) flow_record; },
      .dispose = [](flux::flow& flow) noexcept { static_cast<flow_record&>(flow).~flow_record(); },
      .step = step,
      .abandon = abandon,
      .held = [](const flux::flow& flow) noexcept { return static_cast<const flow_record&>(flow).held.all(); },
      .sources = kSources,
      .nodes = kNodes,
      .constraints = kConstraints,
      .path_units = {},
      .node_of_state = node_of_state,
      .init = init,
      .finish = finish,
  };
  return flux::tested::run(program, argc, argv);
}

#endif
