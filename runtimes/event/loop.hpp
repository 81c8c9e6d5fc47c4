// One loop: what is ready on it, what is parked there, and what others send it.
#ifndef FLUX_EVENT_LOOP_HPP
#define FLUX_EVENT_LOOP_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "event/events.hpp"
#include "event/runtime.hpp"
#include "event/ticket.hpp"

namespace flux::event {

struct feed;

// Takes the first out; null where there is none.
[[nodiscard]] inline core::lock_waiter* pop(core::waiter_chain& chain) noexcept {
  core::lock_waiter* const first = chain.first;
  if (first == nullptr) return nullptr;
  chain.first = first->next;
  if (chain.first == nullptr) chain.last = nullptr;
  first->next = nullptr;
  return first;
}

// A stack that any thread puts waiters on and the owner takes as a whole.
//
// Thread safety: put from any thread; take by the owner.
class inbox {
 public:
  void put(core::lock_waiter& one) noexcept {
    core::lock_waiter* first = first_.load(std::memory_order_relaxed);
    do {
      one.next = first;
    } while (!first_.compare_exchange_weak(first, &one, std::memory_order_seq_cst, std::memory_order_relaxed));
  }

  [[nodiscard]] bool empty() const noexcept { return first_.load(std::memory_order_seq_cst) == nullptr; }

  // All of it, in the order in which it came.
  [[nodiscard]] core::waiter_chain take() noexcept {
    core::waiter_chain chain;
    if (first_.load(std::memory_order_relaxed) == nullptr) return chain;
    core::lock_waiter* newest = first_.exchange(nullptr, std::memory_order_acquire);
    chain.last = newest;
    while (newest != nullptr) {
      core::lock_waiter* const older = newest->next;
      newest->next = chain.first;
      chain.first = newest;
      newest = older;
    }
    return chain;
  }

 private:
  std::atomic<core::lock_waiter*> first_{nullptr};
};

// A round of a loop: what others asked of it, what they sent, what is due, what is ready, then events; each event runs its flow at once.
//
// Thread safety: its thread, where nothing else is said.
class loop {
 public:
  loop(server& of, std::uint32_t number);
  ~loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  // 0 or an errno. Before anything else, on any thread.
  [[nodiscard]] int open() noexcept { return events_.open(number_); }

  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  [[nodiscard]] worker& runs_with() noexcept { return worker_; }
  // Its part in calling the source; null where it has none.
  [[nodiscard]] feed* feed_of(std::size_t source) const noexcept { return feeds_[source].get(); }
  [[nodiscard]] std::unique_ptr<feed>& feed_at(std::size_t source) noexcept { return feeds_[source]; }

  // Runs flows until it is closed. Blocks.
  void work() noexcept;

  // What a thread asks of it; it is done in its next round.
  static constexpr std::uint32_t kStop = 1;
  static constexpr std::uint32_t kDestroy = 2;
  // A source that was put aside for want of room, or of something that flows give back, is looked at again.
  static constexpr std::uint32_t kReconsider = 4;
  static constexpr std::uint32_t kClose = 8;

  // These from any thread. Never block.
  void ask(std::uint32_t what) noexcept {
    asked_.fetch_or(what, std::memory_order_seq_cst);
    rouse();
  }
  // A flow, or a watch of one, that what it waited for elsewhere has come for.
  void post(core::lock_waiter& one) noexcept {
    woken_.put(one);
    rouse();
  }
  // A new flow.
  void post_new(flow& started) noexcept {
    started_.put(started);
    rouse();
  }
  // Nobody waits for it: it sleeps, or has nothing to do but to look for events.
  [[nodiscard]] bool asleep() const noexcept { return sleeping_.load(std::memory_order_relaxed); }
  // Rounds that had to wait for events, to see whether it was asleep in between.
  [[nodiscard]] std::uint64_t sleeps() const noexcept { return sleeps_.load(std::memory_order_relaxed); }

  // Puts a flow of this loop, which is in no list, at the end of those that are ready.
  void make_ready(flow& f) noexcept { ready_.add(f); }
  void start(flow& started, bool counted) noexcept;

  // Parking; the flow is in no list, but perhaps in that of deadlines.
  [[nodiscard]] parked wait_for_one(flow& f, const interest& one, instant deadline) noexcept;
  [[nodiscard]] parked wait_for_several(flow& f, std::span<const interest> interests, instant deadline) noexcept;
  // True: the lock is granted. False: it is queued, and may be gone, or without memory f.error says so and it is not.
  [[nodiscard]] bool queue_for(flow& f, lock& l, mode how, instant deadline) noexcept;
  [[nodiscard]] parked offload(flow& f, void (*call)(flux::flow&) noexcept, instant deadline) noexcept;
  // Out of the list of deadlines.
  void forget_deadline(waiter& one) noexcept {
    if (!one.timed) return;
    deadlines_.remove(one);
    one.timed = false;
  }
  // Somebody beside the flow that runs is known to be ready.
  [[nodiscard]] bool anybody_ready() const noexcept {
    return ready_.first != nullptr || new_.first != nullptr || next_event_ < events_found_ || !woken_.empty() || !started_.empty();
  }

  // The same as post, on its own thread: it is run when those before it have been.
  void arrive(waiter& one) noexcept;

  // A feed was put aside until some time.
  void feed_due(instant at) noexcept {
    if (at < feeds_due_) feeds_due_ = at;
  }

 private:
  void rouse() noexcept {
    if (sleeping_.load(std::memory_order_seq_cst) && sleeping_.exchange(false, std::memory_order_seq_cst)) events_.interrupt();
  }
  void do_what_was_asked() noexcept;
  void take_posted() noexcept;
  // Puts who is taken from the slot of a descriptor into the chain. True.
  bool take(waiter& one, core::waiter_chain& woken) noexcept;
  // Of those the flows: out of every list, ready.
  void make_all_ready(core::waiter_chain woken) noexcept;
  // Those that wait for descriptors are called once more, or end.
  void tell_all() noexcept;
  void arm(flow& f, std::uint64_t units) noexcept;
  enum class parking : std::uint8_t { done, needless };
  // After `done` it is parked; after `needless` its flow's error says why, and the ticket is gone.
  [[nodiscard]] parking park_with(ticket& with) noexcept;
  void end_ticket(ticket& with) noexcept;
  void fire(instant now) noexcept;
  void strike(ticket& struck) noexcept;
  void run_ready() noexcept;
  void run(flow& f) noexcept;
  // Looks for events; sleeps where nothing is ready.
  void look() noexcept;

  server& server_;
  const std::uint32_t number_;
  worker worker_;
  events events_;
  deadlines deadlines_;
  core::waiter_chain ready_;
  // New flows that count against the bound until they are run.
  core::waiter_chain new_;
  // Flows that were run while new ones waited.
  std::uint32_t turns_ = 0;
  std::size_t events_found_ = 0;
  std::size_t next_event_ = 0;
  std::vector<std::unique_ptr<feed>> feeds_;
  // No feed is to be looked at earlier.
  instant feeds_due_ = never;
  bool closed_ = false;

  // What others write.
  alignas(64) inbox woken_;
  inbox started_;
  std::atomic<std::uint32_t> asked_{0};
  std::atomic<bool> sleeping_{false};
  std::atomic<std::uint64_t> sleeps_{0};
};

}  // namespace flux::event

#endif
