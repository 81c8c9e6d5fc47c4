// A program as the compiler would print it, written by hand, and the ways in which such a program can be wrong.
//
// `contract_test` runs three flows that acquire, are offloaded, wait and yield, and prints a line for each. `contract_test FAULT`
// breaks the contract once in the way named; the runtime must abort and say so.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <span>
#include <string_view>

#include "flux/stop.hpp"
#include "runtime.hpp"

namespace {

using flux::parked;
using flux::test::worker;

enum class at : std::uint16_t { feed, begin, outer_acquired, inner_acquired, offloaded, waited, again };

struct record : worker::flow {
  int number = 0;
  int rounds = 0;
  flux::held_locks<worker::lock, 2> locks;
};

worker::lock outer("outer", 0);
worker::lock inner("inner", 1);

std::string_view fault;
int fed = 0;
int finished = 0;
int pipe_ends[2];

constexpr int kFlows = 3;

void compute(flux::flow& f) noexcept {
  auto& r = static_cast<record&>(f);
  r.number *= 10;
  r.error = 0;
}

void step_activation(worker& w, record& r) noexcept {
  if (fed == kFlows) {
    r.error = ECANCELED;
    w.end(r, flux::ending::failed);
    return;
  }
  flux::flow* const fresh = w.fresh(r);
  if (fresh == nullptr) {
    r.error = ENOMEM;
    w.end(r, flux::ending::failed);
    return;
  }
  ++fed;
  static_cast<record*>(fresh)->number = fed;
  if (fault != "never spawned") w.spawn(r, *fresh);
  if (fault == "touched after spawn") static_cast<record*>(fresh)->number = 0;
  w.end(r, flux::ending::done);
  if (fault == "touched after end") r.number = 7;
}

void finish_flow(worker& w, record& r) noexcept {
  std::printf("flow %d\n", r.number);
  if (fault != "lock kept") w.release(r, r.locks.pop());
  ++finished;
  if (finished == kFlows) flux::stop();
  r.error = 0;
  w.end(r, flux::ending::done);
}

void step(worker& w, flux::flow& f) noexcept {
  auto& r = static_cast<record&>(f);
  switch (static_cast<at>(r.state)) {
    case at::feed:
      step_activation(w, r);
      return;
    case at::begin:
      r.state = static_cast<std::uint16_t>(at::outer_acquired);
      if (w.acquire(r, fault == "wrong order" ? inner : outer, flux::mode::read, flux::never) == parked::yes) {
        if (fault == "written after parking") r.number = 0;
        return;
      }
      [[fallthrough]];
    case at::outer_acquired:
      r.locks.push(fault == "wrong order" ? inner : outer, flux::mode::read);
      r.state = static_cast<std::uint16_t>(at::inner_acquired);
      if (w.acquire(r, fault == "wrong order" ? outer : inner, flux::mode::write, flux::never) == parked::yes) return;
      [[fallthrough]];
    case at::inner_acquired:
      r.locks.push(inner, flux::mode::write);
      r.state = static_cast<std::uint16_t>(at::offloaded);
      if (w.offload(r, &compute, flux::never) == parked::yes) {
        if (fault == "read after parking" && r.number == 7) std::puts("seven");
        return;
      }
      [[fallthrough]];
    case at::offloaded: {
      if (fault == "released out of order") {
        w.release(r, *r.locks.all().begin());
        return;
      }
      w.release(r, r.locks.pop());
      if (fault == "released twice") w.release(r, {&inner, flux::mode::write});
      const flux::interest interests[] = {{pipe_ends[0], false}};
      r.state = static_cast<std::uint16_t>(at::waited);
      if (fault == "parked inside a node") w.enter(r, 0);
      if (w.wait(r, interests, flux::never) == parked::yes) return;
      [[fallthrough]];
    }
    case at::waited:
    case at::again:
      if (fault == "neither parked nor ended") return;
      ++r.rounds;
      if (r.rounds < 3) {
        r.state = static_cast<std::uint16_t>(at::again);
        if (w.yield(r) == parked::yes) return;
      }
      finish_flow(w, r);
      return;
  }
}

void abandon(worker& w, flux::flow& f) noexcept {
  auto& r = static_cast<record&>(f);
  while (r.locks.count() > 0) w.release(r, r.locks.pop());
}

constexpr flux::node_description nodes[] = {{"Compute", 1}, {"Feed", 2}};
constexpr flux::source_description sources[] = {
    {"Feed", 2, false, static_cast<std::uint16_t>(at::feed), static_cast<std::uint16_t>(at::begin), 0, 0, false, nullptr}};

int init(int argc, char** argv) {
  if (argc > 1) fault = argv[1];
  if (::pipe(pipe_ends) != 0) return errno;
  return ::write(pipe_ends[1], "x", 1) == 1 ? 0 : errno;
}

const flux::program<worker> program = {
    .name = "contract_test",
    .file = "contract_test.flux",
    .record_size = sizeof(record),
    .record_alignment = alignof(record),
    .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) record; },
    .dispose = [](flux::flow& f) noexcept { static_cast<record&>(f).~record(); },
    .step = &step,
    .abandon = &abandon,
    .held = [](const flux::flow& f) noexcept { return static_cast<const record&>(f).locks.all(); },
    .sources = sources,
    .nodes = nodes,
    .constraints = {},
    .path_units = {},
    .node_of_state = [](std::uint16_t state) noexcept { return state == static_cast<std::uint16_t>(at::feed) ? 1 : 0; },
    .init = &init,
    .finish = [] { std::puts("finish"); },
};

}  // namespace

int main(int argc, char** argv) { return flux::test::run(program, argc, argv); }
