// The main function of a server on the test runtime, and what generated code calls there.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>

#include "core/report.hpp"
#include "core/shutdown.hpp"
#include "explore.hpp"
#include "flux/again.hpp"
#include "record_memory.hpp"
#include "runtime.hpp"
#include "scheduler.hpp"
#include "violation.hpp"

namespace flux::test {

namespace {

// The one scheduler of the process, while it serves.
scheduler* serving = nullptr;

// False, and a line is printed, if the program's own start went wrong.
bool initialised(const program<worker>& program, int argc, char** argv) {
  if (program.init == nullptr) return true;
  try {
    const int result = program.init(argc, argv);
    if (result == 0) return true;
    core::report("init failed with %d", result);
  } catch (const std::exception& thrown) {
    core::report("%s", thrown.what());
  } catch (...) {
    core::report("init threw an exception");
  }
  return false;
}

int run_once(const program<worker>& program, const options& how, choice_log* log, int argc, char** argv) {
  if (const int error = core::prepare_shutdown(); error != 0) {
    core::report("cannot make an eventfd: errno %d", error);
    return 1;
  }
  if (!initialised(program, argc, argv)) return 1;
  core::catch_signals(false, []() noexcept { return serving == nullptr ? std::int64_t{0} : static_cast<std::int64_t>(serving->flows()); });
  scheduler scheduler(program, how, log);
  serving = &scheduler;
  const std::size_t destroyed = scheduler.serve();
  serving = nullptr;
  if (program.finish != nullptr) program.finish();
  std::fflush(nullptr);
  if (destroyed == 0) return 0;
  core::report("%zu flows had not ended and were destroyed", destroyed);
  return 1;
}

}  // namespace

int run(const program<worker>& program, int argc, char** argv) {
  core::set_report_name(program.name);
  options how;
  const int code = take_options(argc, argv, program.name, how);
  if (code >= 0) return code;
  report_record_faults();
  if (how.explore == exploration::none) return run_once(program, how, nullptr, argc, argv);
  return explore(how, [&](const options& one, choice_log* log) { return run_once(program, one, log, argc, argv); });
}

parked worker::wait(flow& f, std::span<const interest> interests, instant deadline) noexcept { return scheduler_.wait(*f.self, interests, deadline); }

parked worker::acquire(flow& f, lock& l, mode m, instant deadline) noexcept { return scheduler_.acquire(*f.self, l, m, deadline); }

void worker::release(flow& f, held_lock<lock> held) noexcept { scheduler_.release(*f.self, held); }

parked worker::offload(flow& f, void (*call)(flux::flow&) noexcept, instant deadline) noexcept { return scheduler_.offload(*f.self, call, deadline); }

parked worker::yield(flow& f) noexcept { return scheduler_.yield(*f.self); }

instant worker::now() const noexcept { return scheduler_.now(); }
instant worker::deadline_after(instant length) const noexcept { return scheduler_.now() + length; }

flux::flow* worker::fresh(flow& f) noexcept {
  scheduler_.check_running(*f.self, "fresh");
  control* const made = scheduler_.fresh(f.source);
  return made == nullptr ? nullptr : made->record;
}

void worker::spawn(flow& f, flux::flow& started) noexcept { scheduler_.spawn(*f.self, *static_cast<flow&>(started).self); }

void worker::end(flow& f, ending how) noexcept { scheduler_.end(*f.self, how); }

void worker::enter(flow& f, int node) noexcept {
  if (f.self->entered >= 0) violation("node %s is entered inside node %s", scheduler_.node_name(node), scheduler_.node_name(f.self->entered));
  f.self->entered = node;
}

void worker::leave(flow& f, int node) noexcept {
  if (f.self->entered != node) violation("node %s is left, but was not entered", scheduler_.node_name(node));
  f.self->entered = -1;
}

void worker::enter_source(flow& f, int node) noexcept { enter(f, node); }

parked worker::leave_source(flow& f, int node) noexcept {
  leave(f, node);
  return scheduler_.leave_source(*f.self);
}

void worker::failed(flow& f, int /*node*/) noexcept {
  if (f.error == 0 || f.error == again) violation("a failure is counted, but the error is %d", f.error);
  scheduler_.count_failure();
}

void worker::path(flow& f, int unit) noexcept {
  if (f.path >= scheduler_.path_count(unit)) violation("path number %lu is out of the range of its unit %d", static_cast<unsigned long>(f.path), unit);
  f.path = 0;
  scheduler_.count_path();
}

}  // namespace flux::test

// Conformance programs call it, where it is there, to let time pass inside a node.
extern "C" void flux_test_spend(long milliseconds) {
  if (flux::test::serving != nullptr) flux::test::serving->spend(milliseconds * flux::instant{1'000'000});
}
