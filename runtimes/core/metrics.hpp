// The endpoint of `--flux-metrics PORT`: /metrics, /healthz and /readyz over HTTP on the loopback address.
#ifndef FLUX_CORE_METRICS_HPP
#define FLUX_CORE_METRICS_HPP

#include <pthread.h>

#include <atomic>
#include <string>
#include <vector>

#include "core/counts.hpp"
#include "core/facts.hpp"
#include "flux/socket.hpp"

namespace flux::core {

// OpenMetrics where the client asks for it (`Accept: application/openmetrics-text`), else the older text format of Prometheus: the two
// differ in the name of a counter's family.
[[nodiscard]] std::string metrics_text(const program_facts& facts, const counts& counted, bool open_metrics);

// One thread for all its clients, of which one that stalls delays nobody; each has a second to ask and to take its answer.
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
  // Blocks for a moment: what is not answered has no answer.
  void stop() noexcept;

 private:
  static void* thread_main(void* argument) noexcept;
  void serve() noexcept;
  // One request and its answer.
  struct conversation {
    socket client;
    std::string request;
    std::string answer;
    std::size_t sent;
    instant deadline;
  };
  // Reads or writes once. False: it is over. Never blocks.
  bool talk(conversation& with) noexcept;
  [[nodiscard]] std::string answer_to(std::string request) const;

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
