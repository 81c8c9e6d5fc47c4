// A program with constraints of a session and of a key, their class, and a pool, as the compiler would print it; and the ways in which such
// a program can be wrong.
//
//   Feed -> Work, All;    atomic Work: {s(session), k[first], k[second], p};    atomic All: {k};    pool p: 2;
//
// `tables_test` runs three Work and one All, whose keys are those of three philosophers, and prints what they counted: each reads a counter,
// lets others run, and writes it. `tables_test FAULT` breaks the contract once in the way named; the runtime must abort and say so.
#include <array>
#include <cerrno>
#include <cstdio>
#include <new>
#include <span>
#include <string_view>

#include "core/wanted_lock.hpp"
#include "flux/stop.hpp"
#include "runtime.hpp"

namespace {

using flux::mode;
using flux::parked;
using flux::test::worker;

enum class at : std::uint16_t { feed, begin, class_acquired, session_acquired, share_acquired, key_acquired, unit_acquired, counted };
enum : std::uint16_t { kSessions, kClass, kKeys, kPool };

struct record : worker::flow {
  flux::held_locks<worker::lock, 5> held;
  worker::lock* wanted = nullptr;
  mode wanted_mode = mode::read;
  std::uint8_t next_key = 0;
  std::int64_t session = 0;
  int number = 0;
  int first = 0;
  int second = 0;
  std::array<int, 3> seen{};
};

flux::core::lock_table<worker::lock, std::int64_t> sessions{"s(session)", kSessions};
worker::lock whole_class("k", kClass);
flux::core::lock_table<worker::lock, int> keys{"k[key]", kKeys};
worker::lock pool("p", kPool, 2);

constexpr int kFlows = 4;
constexpr int kAll = 4;
std::string_view fault;
int fed = 0;
int finished = 0;
std::array<int, 2> of_session{};
std::array<int, 3> of_key{};
int units = 0;

void give_back(worker::lock& lock) noexcept {
  if (lock.rank() == kSessions) sessions.give_back(lock);
  if (lock.rank() == kKeys) keys.give_back(lock);
}

void forget_wanted(record& r) noexcept {
  if (r.wanted == nullptr) return;
  give_back(*r.wanted);
  r.wanted = nullptr;
}

void release_all(worker& w, record& r) noexcept {
  while (r.held.count() != 0) {
    const auto held = r.held.pop();
    if (fault == "given back while held") give_back(*held.lock);
    w.release(r, held);
    if (fault != "never given back") give_back(*held.lock);
    if (fault == "given back twice") give_back(*held.lock);
  }
}

void step_activation(worker& w, record& r) noexcept {
  auto* const fresh = fed == kFlows ? nullptr : static_cast<record*>(w.fresh(r));
  if (fresh == nullptr) {
    r.error = fed == kFlows ? ECANCELED : ENOMEM;
    w.end(r, flux::ending::failed);
    return;
  }
  fresh->number = ++fed;
  fresh->session = fed % 2;
  fresh->first = fed % 3;
  fresh->second = (fed + 1) % 3;
  w.spawn(r, *fresh);
  w.end(r, flux::ending::done);
}

void read(record& r) noexcept {
  r.seen = r.number == kAll ? of_key : std::array{of_session[static_cast<std::size_t>(r.session)], of_key[static_cast<std::size_t>(r.first)],
                                                  of_key[static_cast<std::size_t>(r.second)]};
  if (r.number != kAll && ++units > 2) std::puts("a unit too many");
}

void write(record& r) noexcept {
  if (r.number == kAll) {
    for (std::size_t key = 0; key < 3; ++key) of_key[key] = r.seen[key] + 10;
    return;
  }
  of_session[static_cast<std::size_t>(r.session)] = r.seen[0] + 1;
  of_key[static_cast<std::size_t>(r.first)] = r.seen[1] + 1;
  of_key[static_cast<std::size_t>(r.second)] = r.seen[2] + 1;
  --units;
}

bool want_key(record& r) noexcept {
  if (fault == "keys as written" || fault == "one key twice") {
    r.error = 0;
    r.wanted_mode = mode::write;
    return r.next_key < 2 && flux::want(r, keys, r.next_key == 0 || fault == "one key twice" ? r.first : r.second);
  }
  flux::core::wanted_key<int> wanted[] = {{&r.first, mode::write}, {&r.second, mode::write}};
  return flux::want_next(r, keys, wanted);
}

void step(worker& w, flux::flow& f) noexcept {
  auto& r = static_cast<record&>(f);
  const auto state = [&r](at to) { r.state = static_cast<std::uint16_t>(to); };
  switch (static_cast<at>(r.state)) {
    case at::feed:
      step_activation(w, r);
      return;
    case at::begin:
      if (r.number == kAll) goto acquire_class;
      goto acquire_session;
    case at::class_acquired:
      goto class_acquired;
    case at::session_acquired:
      goto session_acquired;
    case at::share_acquired:
      goto share_acquired;
    case at::key_acquired:
      goto key_acquired;
    case at::unit_acquired:
      goto unit_acquired;
    case at::counted:
      goto counted;
  }

acquire_class:
  state(at::class_acquired);
  if (w.acquire(r, whole_class, mode::write, flux::never) == parked::yes) return;
class_acquired:
  r.held.push(whole_class, mode::write);
  goto count;

acquire_session:
  if (!flux::want(r, sessions, r.session)) goto failed;
  if (fault == "not borrowed") give_back(*r.wanted);
  state(at::session_acquired);
  if (w.acquire(r, *r.wanted, mode::write, flux::never) == parked::yes) return;
session_acquired:
  flux::hold_wanted(r, mode::write);

  state(at::share_acquired);
  if (w.acquire(r, whole_class, mode::read, flux::never) == parked::yes) return;
share_acquired:
  r.held.push(whole_class, mode::read);

  r.next_key = 0;
more_keys:
  if (!want_key(r)) {
    if (r.error != 0) goto failed;
    goto acquire_unit;
  }
  state(at::key_acquired);
  if (w.acquire(r, *r.wanted, r.wanted_mode, flux::never) == parked::yes) return;
key_acquired:
  flux::hold_wanted(r, r.wanted_mode);
  ++r.next_key;
  goto more_keys;

acquire_unit:
  state(at::unit_acquired);
  if (w.acquire(r, pool, fault == "pool as writer" ? mode::write : mode::read, flux::never) == parked::yes) return;
unit_acquired:
  r.held.push(pool, mode::read);

count:
  read(r);
  state(at::counted);
  if (w.yield(r) == parked::yes) return;
counted:
  write(r);
  release_all(w, r);
  if (++finished == kFlows) flux::stop();
  r.error = 0;
  w.end(r, flux::ending::done);
  return;

failed:
  forget_wanted(r);
  release_all(w, r);
  w.end(r, flux::ending::failed);
}

void abandon(worker& w, flux::flow& f) noexcept {
  auto& r = static_cast<record&>(f);
  release_all(w, r);
  forget_wanted(r);
}

void finish() {
  std::printf("sessions %d %d, keys %d %d %d, in use %zu\n", of_session[0], of_session[1], of_key[0], of_key[1], of_key[2],
              sessions.in_use() + keys.in_use());
}

constexpr flux::node_description nodes[] = {{"Work", 1}, {"Feed", 2}};
constexpr flux::source_description sources[] = {
    {"Feed", 2, false, static_cast<std::uint16_t>(at::feed), static_cast<std::uint16_t>(at::begin), 0, 0, false, nullptr}};

const flux::program<worker> program = {
    .name = "tables_test",
    .file = "tables_test.flux",
    .record_size = sizeof(record),
    .record_alignment = alignof(record),
    .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) record; },
    .dispose = [](flux::flow& f) noexcept { static_cast<record&>(f).~record(); },
    .step = &step,
    .abandon = &abandon,
    .held = [](const flux::flow& f) noexcept { return static_cast<const record&>(f).held.all(); },
    .sources = sources,
    .nodes = nodes,
    .constraints = {},
    .path_units = {},
    .node_of_state = [](std::uint16_t state) noexcept { return state == static_cast<std::uint16_t>(at::feed) ? 1 : 0; },
    .init = [](int argc, char** argv) {
      if (argc > 1) fault = argv[1];
      return 0;
    },
    .finish = &finish,
};

}  // namespace

int main(int argc, char** argv) { return flux::test::run(program, argc, argv); }
