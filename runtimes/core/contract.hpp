// The contract between generated code and a runtime.
//
// Generated code is one function, `step(worker&, flow&)`, that runs a flow from `flow.state` until the flow ends or must wait.
// A flow record is owned by one worker at a time. Whatever may park the flow is a call on the worker that answers `parked`:
//
//   parked::no   the flow was not parked; `flow.error` says how it went; step goes on at once.
//   parked::yes  the record belongs to somebody else from inside that call on: step returns without touching a byte of it.
//                Later some worker calls step again with the same `flow.state`; `flow.error` then says how it went, and
//                step goes on *after* the operation (a grant is owned, a readiness was seen, an offloaded node has returned).
//
// So one piece of generated code serves a runtime that blocks and one that parks. A runtime that blocks answers parked::yes too, for a
// flow that the end of the drain claims inside the call: step returns, and the runtime calls `abandon`.
// A parked flow is woken exactly once: readiness, timer, grant and shutdown race on one atomic word of the runtime's own flow type.
// No exception leaves step, and none enters it from a worker: every member below is noexcept.
#ifndef FLUX_CORE_CONTRACT_HPP
#define FLUX_CORE_CONTRACT_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace flux {

// Nanoseconds on the monotonic clock (of the runtime: the test runtime's is virtual).
using instant = std::int64_t;
inline constexpr instant never = std::numeric_limits<instant>::max();

enum class parked : bool { no, yes };
enum class mode : std::uint8_t { read, write };
enum class ending : std::uint8_t { done, failed };

// One readiness a flow waits for.
struct interest {
  int descriptor;
  bool writable;
};

// What every flow record begins with. A runtime derives its own (links, the word wakers race on) and a program's record from that.
struct flow {
  // What the last call, wait or acquisition answered: 0, an errno, flux::again, flux::exception, flux::no_match, or a node's own.
  std::int32_t error = 0;
  // Where step goes on: a value of the generated `enum class at`.
  std::uint16_t state = 0;
  // Index into program.sources; for an activation too.
  std::uint16_t source = 0;
  // Ball-Larus number of the path so far.
  std::uint64_t path = 0;
};

// One lock held by a flow.
template <typename Lock>
struct held_lock {
  Lock* lock;
  flux::mode mode;
};

// The same in one word, since every parked flow has room for it: the mode is in the lowest bit of the address.
template <typename Lock>
class packed_lock {
 public:
  packed_lock() noexcept = default;
  packed_lock(Lock& lock, mode how) noexcept : word_(reinterpret_cast<std::uintptr_t>(&lock) | static_cast<std::uintptr_t>(how)) {
    static_assert(alignof(Lock) >= 2, "the lowest bit of a lock's address is free");
  }
  [[nodiscard]] held_lock<Lock> unpacked() const noexcept {
    return {.lock = reinterpret_cast<Lock*>(word_ & ~std::uintptr_t{1}), .mode = static_cast<mode>(word_ & 1)};
  }

 private:
  std::uintptr_t word_;
};

// Locks held, to look at: as good as a std::span<const held_lock<Lock>>, but that each is made when it is looked at.
template <typename Lock>
class held_view {
 public:
  class iterator {
   public:
    explicit iterator(const packed_lock<Lock>* at) noexcept : at_(at) {}
    held_lock<Lock> operator*() const noexcept { return at_->unpacked(); }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    bool operator==(const iterator&) const noexcept = default;

   private:
    const packed_lock<Lock>* at_;
  };

  held_view() noexcept = default;
  explicit held_view(std::span<const packed_lock<Lock>> locks) noexcept : locks_(locks) {}
  [[nodiscard]] std::size_t size() const noexcept { return locks_.size(); }
  [[nodiscard]] bool empty() const noexcept { return locks_.empty(); }
  [[nodiscard]] iterator begin() const noexcept { return iterator(locks_.data()); }
  [[nodiscard]] iterator end() const noexcept { return iterator(locks_.data() + locks_.size()); }

 private:
  std::span<const packed_lock<Lock>> locks_;
};

// What a flow holds, in the order acquired. Capacity is known at compile time; 0 costs nothing.
template <typename Lock, std::size_t Capacity>
class held_locks {
 public:
  void push(Lock& lock, mode how) noexcept { entries_[count_++] = packed_lock<Lock>(lock, how); }
  held_lock<Lock> pop() noexcept { return entries_[--count_].unpacked(); }
  // REQUIRES: something is held.
  [[nodiscard]] held_lock<Lock> last() const noexcept { return entries_[count_ - 1].unpacked(); }
  [[nodiscard]] std::uint8_t count() const noexcept { return count_; }
  [[nodiscard]] held_view<Lock> all() const noexcept { return held_view<Lock>({entries_, count_}); }

 private:
  packed_lock<Lock> entries_[Capacity];
  std::uint8_t count_ = 0;
};

template <typename Lock>
class held_locks<Lock, 0> {
 public:
  [[nodiscard]] static std::uint8_t count() noexcept { return 0; }
  [[nodiscard]] static held_view<Lock> all() noexcept { return {}; }
};

class tcp_listener;

struct node_description {
  const char* name;
  int line;  // in the .flux file
};

struct constraint_description {
  const char* name;
  int line;
};

struct source_description {
  const char* name;
  int line;
  bool timer;
  std::uint16_t activation;    // state an activation starts in; unused for a timer
  std::uint16_t flow;          // state a flow starts in; for a timer, what each tick starts
  std::int64_t period;         // nanoseconds, for a timer
  std::uint32_t limit;         // flows in flight; 0: no limit
  bool waits;                  // the source has a `wait`: it never blocks inside
  tcp_listener* listener;      // the listener its wait names, if it is one
};

// Who acquires a constraint, or one inside it: the flows of a source (index into program.sources), or its activations.
struct constraint_user {
  std::uint16_t source;
  bool activation;
};

// A constraint in whose extents no flow parks: on one thread that leaves a flow only where it parks, no other flow ever runs meanwhile.
// A runtime that runs all users on one such thread may set *elided, before any flow runs; then nothing of the constraint is acquired.
struct elidable_constraint {
  bool* elided;
  std::span<const constraint_user> users;
};

struct path_unit_description {
  const char* name;
  std::uint64_t count;
};

// Everything a runtime must know of a program. Made by the compiler as one constant.
template <typename Worker>
struct program {
  const char* name;  // of the executable
  const char* file;  // the .flux file
  std::size_t record_size;
  std::size_t record_alignment;
  // Makes a record in `storage`: base initialised, no variable alive, nothing held.
  flow& (*construct)(void* storage) noexcept;
  // Ends the record's own lifetime. REQUIRES: no variable alive, nothing held.
  void (*dispose)(flow&) noexcept;
  void (*step)(Worker&, flow&) noexcept;
  // For a flow that is parked and was claimed: releases what it holds, newest first, and destroys its variables. Runs no handler.
  void (*abandon)(Worker&, flow&) noexcept;
  // What the flow holds, for the watchdog. REQUIRES: the caller owns the record, or only looks for a report.
  held_view<typename Worker::lock> (*held)(const flow&) noexcept;
  std::span<const source_description> sources;
  std::span<const node_description> nodes;
  std::span<const constraint_description> constraints;
  std::span<const path_unit_description> path_units;
  // The node (index into nodes) that a flow in this state runs or waits for; -1: none.
  int (*node_of_state)(std::uint16_t state) noexcept;
  // Null where the program has none. init: non-zero or a throw prints one line and exits 1.
  int (*init)(int argc, char** argv);
  void (*finish)();
  // Id of the session that the flow is of, 0 where its source has none. Null where no source has: records then have no room for it.
  std::int64_t (*session)(const flow&) noexcept = nullptr;
  // Of a runtime whose manifest says `cooperative`.
  std::span<const elidable_constraint> elidable = {};

  [[nodiscard]] std::int64_t session_of(const flow& f) const noexcept { return session == nullptr ? 0 : session(f); }
};

// What generated code calls. `call` is the node's call as a function of the record on its own, so that a helper can run it.
// clang-format off
template <typename W>
concept worker_contract = requires(W& w, typename W::flow& f, typename W::lock& l, mode m, std::span<const interest> interests,
                                   instant deadline, void (*call)(flow&) noexcept, held_lock<typename W::lock> held) {
  requires std::derived_from<typename W::flow, flow>;

  // A lock of program scope: `lock{name, rank}`. Uncontended: one atomic instruction. A pool: `lock{name, rank, units}`, acquired as
  // reader only, by so many at once. core::lock_table lends such locks too.
  requires std::constructible_from<typename W::lock, const char*, std::uint16_t>;
  requires std::constructible_from<typename W::lock, const char*, std::uint16_t, std::uint32_t>;

  // Parks until one of the descriptors is ready. f.error: 0 ready, ETIMEDOUT, EBADF (a descriptor is negative or not open).
  { w.wait(f, interests, deadline) } noexcept -> std::same_as<parked>;

  // f.error: 0 granted (the caller then pushes it on its held locks), ETIMEDOUT (and it does not hold it).
  { w.acquire(f, l, m, deadline) } noexcept -> std::same_as<parked>;

  // Never blocks.
  { w.release(f, held) } noexcept -> std::same_as<void>;

  // Runs call(f), here or on a helper thread; call stores what the node returned or threw in f.error.
  // ETIMEDOUT if the limit struck before a helper had taken it.
  { w.offload(f, call, deadline) } noexcept -> std::same_as<parked>;

  // A tail call: after a budget of nodes the flow goes to the end of the run queue.
  { w.yield(f) } noexcept -> std::same_as<parked>;

  // Now, as exact as a timeout needs; cheap.
  { w.now() } noexcept -> std::same_as<instant>;

  // When a limit of this length ends that begins now. Never early; late by no more than a hundredth of it. Cheap.
  { w.deadline_after(instant{}) } noexcept -> std::same_as<instant>;

  // A fresh record for a flow of source `f.source`, constructed; null if there is no memory (the activation then fails with ENOMEM).
  { w.fresh(f) } noexcept -> std::same_as<flow*>;

  // Starts the flow. `f` is the activation; the caller still owns f, no longer the new one.
  { w.spawn(f, static_cast<flow&>(f)) } noexcept -> std::same_as<void>;

  // The flow or activation is over and owns nothing: the record belongs to the runtime again. The last thing step does.
  { w.end(f, ending::done) } noexcept -> std::same_as<void>;

  // Around every call of a node's function (index into nodes): what the watchdog reports and the profile measures. A store or two when neither is on.
  { w.enter(f, int{}) } noexcept -> std::same_as<void>;
  { w.leave(f, int{}) } noexcept -> std::same_as<void>;

  // The same around a node that an activation can be what calls; for any other flow they do no more than enter and leave.
  // From enter_source to leave_source an activation is inside its source, which may block for ever: the end of a server does not wait
  // for it. leave_source ends that. If the server has stopped meanwhile, and the source does not listen, it answers parked::yes: the
  // runtime abandons the activation, so nothing that was returned starts a flow and no handler runs. Where it answers parked::no the
  // drain waits for what the activation still does (its handler, its spawn) until it ends or is inside a source again: nothing of it
  // runs beside finish. f.error is left as it is.
  { w.enter_source(f, int{}) } noexcept -> std::same_as<void>;
  { w.leave_source(f, int{}) } noexcept -> std::same_as<parked>;

  // Node `int` failed with f.error. Rare: counts, and may log.
  { w.failed(f, int{}) } noexcept -> std::same_as<void>;

  // A path of unit `int` ended with number f.path: counts it where that is switched on, and sets f.path to 0.
  { w.path(f, int{}) } noexcept -> std::same_as<void>;
};
// clang-format on

}  // namespace flux

#endif
