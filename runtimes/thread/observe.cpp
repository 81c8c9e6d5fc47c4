// What a worker does besides when somebody looks: profile, watchdog, rank check.
#include "core/lifecycle.hpp"
#include "thread/runtime.hpp"
#include "thread/server.hpp"

namespace flux::thread {

bool server::observes_locks() const noexcept { return observers_->watched || observers_->profile != nullptr; }

void server::show(core::watchdog&) noexcept {}

parked server::observe_acquire(worker& w, flow& f, lock& l, mode how, instant deadline) noexcept {
  return w.queue_for(f, l, how, deadline);
}
void worker::note_released(flow&, held_lock<lock>) noexcept {}
void worker::measure_enter(flow&, int) noexcept {}
void worker::measure_leave(flow&, int) noexcept {}
void worker::count_path(flow&, int) noexcept {}

}  // namespace flux::thread
