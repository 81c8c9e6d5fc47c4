// The endpoint of `--flux-metrics PORT`: /metrics, /healthz and /readyz over HTTP on the loopback address.
#ifndef FLUX_CORE_METRICS_HPP
#define FLUX_CORE_METRICS_HPP

#include <pthread.h>

#include <atomic>
#include <string>

#include "core/counts.hpp"
#include "core/facts.hpp"
#include "flux/socket.hpp"

namespace flux::core {

// OpenMetrics where the client asks for it (`Accept: application/openmetrics-text`), else the older text format of Prometheus: the two
// differ in the name of a counter's family.
[[nodiscard]] std::string metrics_text(const program_facts& facts, const counts& counted, bool open_metrics);

// One thread that answers one request at a time; a client has a second to ask.
//
// Thread safety: open, start, ready and stop on the main thread.
class metrics_endpoint {
 public:
  metrics_endpoint(const program_facts& facts, const counts& counted) noexcept : facts_(facts), counts_(counted) {}
  ~metrics_endpoint() { stop(); }
  metrics_endpoint(const metrics_endpoint&) = delete;
  metrics_endpoint& operator=(const metrics_endpoint&) = delete;

  // Returns 0 or an errno. Never blocks.
  [[nodiscard]] int open(int port) noexcept;
  // The port, once open.
  [[nodiscard]] int port() const noexcept;
  [[nodiscard]] int start() noexcept;
  void ready(bool now) noexcept { ready_.store(now, std::memory_order_relaxed); }
  // Blocks until the request at hand is answered.
  void stop() noexcept;

 private:
  static void* thread_main(void* argument) noexcept;
  void serve() noexcept;
  void answer(int client) noexcept;

  const program_facts& facts_;
  const counts& counts_;
  socket listening_;
  // Readable once the thread is to end.
  socket quit_;
  pthread_t thread_{};
  bool running_ = false;
  std::atomic<bool> ready_{false};
};

}  // namespace flux::core

#endif
