// A program running on threads: its sources, each with a thread of its own, and what a worker asks of the program.
#ifndef FLUX_THREAD_SERVER_HPP
#define FLUX_THREAD_SERVER_HPP

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/counts.hpp"
#include "core/futex.hpp"
#include "core/lifecycle.hpp"
#include "core/record_heap.hpp"
#include "thread/crew.hpp"
#include "thread/runtime.hpp"

namespace flux::thread {

struct settings {
  std::int64_t threads;
  std::int64_t stack;
};

// `from` is read when it starts: by then the options have been taken.
//
// Thread safety: the engine's members on the main thread; the others as said.
class server final : public core::engine {
 public:
  server(const program<worker>& program, const settings& from);
  ~server() override;

  // core::engine
  [[nodiscard]] int start(const core::observers& with) noexcept override;
  void show(core::watchdog& to) noexcept override;
  void stop() noexcept override;
  [[nodiscard]] bool drained(instant deadline) noexcept override;
  void destroy() noexcept override;
  [[nodiscard]] bool close() noexcept override;

  // For workers, on any thread.
  [[nodiscard]] crew& threads() noexcept { return crew_; }
  [[nodiscard]] const core::observers& observed_by() const noexcept { return *observers_; }
  [[nodiscard]] const program<worker>& runs() const noexcept { return program_; }
  [[nodiscard]] bool listens(std::uint16_t source) const noexcept { return program_.sources[source].listener != nullptr; }
  [[nodiscard]] flow* make_record(core::record_heap& heap, std::uint16_t source, bool activation) noexcept;
  void start_flow(worker& w, flow& started) noexcept;
  void finish_flow(flow& f, ending how) noexcept;
  void abandon_flow(worker& w, flow& f) noexcept;
  // The drain waits for it no longer.
  void activation_left() noexcept { changed_.notify(); }
  void node_failed(int node, int error) noexcept;

 private:
  // A source and its thread.
  struct driver {
    server* of;
    std::uint16_t index;
    std::unique_ptr<core::record_heap> heap;
    std::unique_ptr<worker> by;
    pthread_t thread;
    bool started = false;
    // May still call its listener. Guarded by closing_.
    bool accepts = true;
    std::atomic<bool> ended{false};
  };

  static void* driver_main(void* argument) noexcept;
  void drive_source(driver& d) noexcept;
  void drive_timer(driver& d) noexcept;
  // Blocks until the source may be called. False: it is not to be called again.
  bool admit(const driver& d) noexcept;
  // After a stop only a listening source goes on, until its backlog is empty or the drain is over.
  [[nodiscard]] bool over(const driver& d) const noexcept;
  // Blocks for so long, less where the source ends.
  void pause(const driver& d, instant length) noexcept;
  void end_source(driver& d) noexcept;

  const program<worker>& program_;
  const settings& settings_;
  const core::observers* observers_ = nullptr;
  // Notified when a flow ends, a thread becomes idle, a source ends, the server stops or destroys.
  core::event_count changed_;
  // Notified only when the server stops or destroys: who sleeps for long on it costs a flow that ends nothing.
  core::event_count ending_;
  crew crew_;
  core::futex_mutex closing_;
  std::vector<std::unique_ptr<driver>> drivers_;
};

}  // namespace flux::thread

#endif
