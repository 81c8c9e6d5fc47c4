// A reader/writer lock on which flows park. Served in the order of arrival: a reader behind a waiting writer waits.
//
// Thread safety: none; one thread works. Knows who holds it, so that everything the contract forbids is seen at once.
#ifndef FLUX_TEST_LOCK_HPP
#define FLUX_TEST_LOCK_HPP

#include <cstdint>
#include <deque>
#include <vector>

#include "core/contract.hpp"

namespace flux::test {

struct control;

class lock {
 public:
  struct claim {
    control* who;
    mode how;
  };

  lock(const char* name, std::uint16_t rank) noexcept : name_(name), rank_(rank) {}
  lock(const lock&) = delete;
  lock& operator=(const lock&) = delete;

  [[nodiscard]] const char* name() const noexcept { return name_; }
  [[nodiscard]] std::uint16_t rank() const noexcept { return rank_; }
  [[nodiscard]] bool idle() const noexcept { return holders_.empty() && queue_.empty(); }

  // True: granted at once. False: queued.
  bool request(claim asked) noexcept;
  // Takes `who` out of the queue; `granted` is filled with those who have it now because of that.
  void cancel(const control& who, std::vector<control*>& granted) noexcept;
  // REQUIRES: `who` holds it in this mode.
  void release(const control& who, mode how, std::vector<control*>& granted) noexcept;

  // Everyone `who` waits for: the holders, and those queued before it that it cannot share with.
  [[nodiscard]] std::vector<control*> blockers(const control& who) const;

 private:
  [[nodiscard]] bool grantable(mode how) const noexcept;
  void grant(std::vector<control*>& granted) noexcept;

  const char* name_;
  std::uint16_t rank_;
  std::vector<claim> holders_;
  std::deque<claim> queue_;
};

}  // namespace flux::test

#endif
