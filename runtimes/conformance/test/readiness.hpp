// Which descriptors are ready, asked without ever waiting for one (but for `block`).
//
// Two models. `level` asks poll(2). `edge` is what an event loop will do: every descriptor is registered once with an
// edge-triggered epoll set, and readiness is only what it reported since (a descriptor that is blocking is asked of poll here
// too, for its node need not read on to EAGAIN); a node that returns `flux::again` without having
// met EAGAIN, or a runtime that loses an edge between a node's return and its parking, hangs here.
#ifndef FLUX_TEST_READINESS_HPP
#define FLUX_TEST_READINESS_HPP

#include <span>
#include <unordered_map>
#include <vector>

#include "core/contract.hpp"
#include "options.hpp"

namespace flux::test {

class readiness {
 public:
  explicit readiness(readiness_model model) noexcept;
  ~readiness();
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;

  // False: one of them is negative or not open.
  [[nodiscard]] static bool open(std::span<const interest> interests) noexcept;
  // True: a node called for nothing would not block on any of them.
  [[nodiscard]] static bool nonblocking(std::span<const interest> interests) noexcept;

  // A flow begins to wait for these.
  void watch(std::span<const interest> interests) noexcept;
  // Which of these sets has a descriptor that is ready. Never blocks. On `edge` every edge reported in it is used up.
  [[nodiscard]] std::vector<bool> ready(std::span<const std::span<const interest>> sets) noexcept;

  // Blocks until one of them is ready or `milliseconds` are over. Interrupted by signals.
  static void block(std::span<const interest> interests, int milliseconds) noexcept;

 private:
  // Asks the epoll set what has happened.
  void update() noexcept;

  struct edges {
    bool readable = false;
    bool writable = false;
    bool hung_up = false;  // stays: end of file, hang-up and error count as readable and writable for good
  };

  readiness_model model_;
  int epoll_ = -1;
  std::unordered_map<int, edges> seen_;
};

}  // namespace flux::test

#endif
