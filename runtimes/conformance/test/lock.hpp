// A reader/writer lock, or a pool of units, on which flows park. Served in the order of arrival: a reader behind a waiting writer waits.
//
// Thread safety: none; one thread works. Knows who holds it and, if a table lends it, how often it is lent, so that everything the
// contract forbids is seen at once.
#ifndef FLUX_TEST_LOCK_HPP
#define FLUX_TEST_LOCK_HPP

#include <cstdint>
#include <cstddef>
#include <unordered_set>
#include <vector>

#include "core/contract.hpp"
#include "core/lock_family.hpp"

namespace flux::test {

struct control;

class lock {
 public:
  struct claim {
    control* who;
    mode how;
  };

  lock(const char* name, std::uint16_t rank) noexcept : name_(name), rank_(rank) {}
  lock(const char* name, std::uint16_t rank, std::uint32_t units) noexcept : name_(name), rank_(rank), units_(units) {}
  lock(const lock&) = delete;
  lock& operator=(const lock&) = delete;

  [[nodiscard]] const char* name() const noexcept { return name_; }
  [[nodiscard]] std::uint16_t rank() const noexcept { return rank_; }
  [[nodiscard]] bool idle() const noexcept { return holders_.empty() && queue_.empty(); }
  // Units of a pool; 0: it is none.
  [[nodiscard]] std::uint32_t units() const noexcept { return units_; }

  // What a table tells its locks.
  void belongs_to(const core::lock_family<lock>& family) noexcept { family_ = &family; }
  [[nodiscard]] const core::lock_family<lock>* family() const noexcept { return family_; }
  void borrowed() noexcept;
  void given_back() noexcept;
  // False: it is a table's, and nobody has borrowed it.
  [[nodiscard]] bool may_be_used() const noexcept { return family_ == nullptr || borrowers_ != 0; }
  // Those of all tables that are borrowed now.
  [[nodiscard]] static const std::unordered_set<const lock*>& lent() noexcept;

  // True: granted at once. False: queued.
  bool request(claim asked) noexcept;
  // Takes `who` out of the queue; `granted` is filled with those who have it now because of that.
  void cancel(const control& who, std::vector<control*>& granted) noexcept;
  // REQUIRES: `who` holds it in this mode.
  void release(const control& who, mode how, std::vector<control*>& granted) noexcept;

  // Whether `who` will be granted it once those in `live` have released it: all before it in the queue, and all who hold it; of a pool
  // one that holds a unit is enough. REQUIRES: `who` is queued.
  [[nodiscard]] bool comes_to(const control& who, const std::unordered_set<const control*>& live) const;

 private:
  [[nodiscard]] bool grantable(mode how) const noexcept;
  void grant(std::vector<control*>& granted) noexcept;

  const char* name_;
  std::uint16_t rank_;
  std::uint32_t units_ = 0;
  std::uint32_t borrowers_ = 0;
  const core::lock_family<lock>* family_ = nullptr;
  // Without memory of their own where a table's lock is nobody's: its page goes without destroying it.
  std::vector<claim> holders_;
  std::vector<claim> queue_;
};

}  // namespace flux::test

#endif
