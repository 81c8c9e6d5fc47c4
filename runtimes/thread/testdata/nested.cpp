// Flows that nest two locks, for tools that look for inversions of the lock order.
//
//   source Feed => Outer;    limit Feed: 1;    Outer = Inner;
//
// `nested CASE planned`: every flow acquires the two in one order. `nested CASE planted`: every second one acquires them the other way round, as
// it would without the moves of the plan. One flow runs at a time, so nobody ever waits: only the order itself tells. What is nested: `writers`,
// `readers`, `pool` (a unit, then a lock), `session` (a lock of a session, then one of the program), `keys` (two keys of one constraint).
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

#include "core/lock_table.hpp"
#include "flux/stop.hpp"
#include "thread/runtime.hpp"

namespace {

using flux::mode;
using flux::parked;
using flux::thread::worker;

constexpr int kFlows = 8;

enum class at : std::uint16_t { feed, begin, outer_acquired, inner_acquired };

struct flow_record : worker::flow {
  flux::held_locks<worker::lock, 2> held;
  bool reversed = false;
};

worker::lock x("x", 0);
worker::lock y("y", 1);
worker::lock pool("p", 2, 3);
flux::core::lock_table<worker::lock, std::int64_t> sessions{"s(session)", 3};
flux::core::lock_table<worker::lock, std::int64_t> keys{"k[key]", 4};

// What all flows nest, in the order of the plan. The locks of tables are lent to somebody else too, so that they are the same for every flow.
worker::lock* outer = nullptr;
worker::lock* inner = nullptr;
mode how = mode::write;
bool planted = false;
int fed = 0;
long counter = 0;

int init(int argc, char** argv) {
  if (argc != 3) return EINVAL;
  const std::string_view what = argv[1];
  planted = argv[2] == std::string_view("planted");
  outer = &x;
  inner = &y;
  if (what == "readers") how = mode::read;
  if (what == "pool") outer = &pool;
  if (what == "session") outer = sessions.borrow(7).lock;
  if (what == "keys") {
    outer = keys.borrow(7).lock;
    inner = keys.borrow(9).lock;
  }
  return outer == nullptr || inner == nullptr ? ENOMEM : 0;
}

mode mode_of(const worker::lock* lock) { return lock == &pool ? mode::read : how; }

void step_activation(worker& w, flow_record& f) {
  auto* const started = fed == kFlows ? nullptr : static_cast<flow_record*>(w.fresh(f));
  if (started == nullptr) {
    flux::stop();
    f.error = ECANCELED;
    w.end(f, flux::ending::failed);
    return;
  }
  started->state = static_cast<std::uint16_t>(at::begin);
  started->reversed = planted && fed % 2 == 1;
  ++fed;
  w.spawn(f, *started);
  w.end(f, flux::ending::done);
}

void step(worker& w, flux::flow& base) noexcept {
  auto& f = static_cast<flow_record&>(base);
  worker::lock& first = f.reversed ? *inner : *outer;
  worker::lock& second = f.reversed ? *outer : *inner;
  switch (static_cast<at>(f.state)) {
    case at::feed:
      step_activation(w, f);
      return;
    case at::begin:
      f.state = static_cast<std::uint16_t>(at::outer_acquired);
      if (w.acquire(f, first, mode_of(&first), flux::never) == parked::yes) return;
      [[fallthrough]];
    case at::outer_acquired:
      f.held.push(first, mode_of(&first));
      f.state = static_cast<std::uint16_t>(at::inner_acquired);
      if (w.acquire(f, second, mode_of(&second), flux::never) == parked::yes) return;
      [[fallthrough]];
    case at::inner_acquired:
      f.held.push(second, mode_of(&second));
      w.enter(f, 0);
      if (how == mode::write) ++counter;
      w.leave(f, 0);
      while (f.held.count() != 0) w.release(f, f.held.pop());
      w.end(f, flux::ending::done);
      return;
  }
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr flux::source_description kSources[] = {{.name = "Feed",
                                                           .line = 1,
                                                           .timer = false,
                                                           .activation = static_cast<std::uint16_t>(at::feed),
                                                           .flow = static_cast<std::uint16_t>(at::begin),
                                                           .period = 0,
                                                           .limit = 1,
                                                           .waits = false,
                                                           .listener = nullptr}};
  static constexpr flux::node_description kNodes[] = {{"Inner", 1}};
  static const flux::program<worker> program{
      .name = "nested",
      .file = "nested.flux",
      .record_size = sizeof(flow_record),
      .record_alignment = alignof(flow_record),
      .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) flow_record; },
      .dispose = [](flux::flow& f) noexcept { static_cast<flow_record&>(f).~flow_record(); },
      .step = step,
      .abandon =
          [](worker& w, flux::flow& f) noexcept {
            auto& record = static_cast<flow_record&>(f);
            while (record.held.count() != 0) w.release(record, record.held.pop());
          },
      .held = [](const flux::flow& f) noexcept { return static_cast<const flow_record&>(f).held.all(); },
      .sources = kSources,
      .nodes = kNodes,
      .constraints = {},
      .path_units = {},
      .node_of_state = [](std::uint16_t state) noexcept { return state < static_cast<std::uint16_t>(at::outer_acquired) ? -1 : 0; },
      .init = init,
      .finish = [] { std::printf("%d flows\n", fed); },
  };
  return flux::thread::run(program, argc, argv);
}
