// What a flow is parked with where one descriptor of its record is not enough: it waits for several, or for one that may block.
#ifndef FLUX_POOL_SEVERAL_HPP
#define FLUX_POOL_SEVERAL_HPP

#include <cstddef>
#include <memory>
#include <span>

#include "core/contract.hpp"
#include "core/readiness.hpp"

namespace flux::pool {

struct flow;

struct one_of_several : core::descriptor_waiter {
  flow* of = nullptr;
  // Beside kRead and kWrite in `wants`: the waiter is one of these and not a flow.
  static constexpr std::uint8_t kOfSeveral = 0x80;
};

// Made for one wait.
struct several {
  std::unique_ptr<one_of_several[]> waiters;
  std::size_t count = 0;
  instant deadline = never;
  // A descriptor that may block: a node is called only if a poll says that it is ready now, since an edge may be an old one.
  bool level = false;
  // flow::told when it was parked.
  bool told = false;

  [[nodiscard]] std::span<one_of_several> all() const noexcept { return {waiters.get(), count}; }
  // Whether one of them is ready now; EBADF where one is not open. Asks the kernel.
  [[nodiscard]] bool ready_now(int& error) const noexcept;

  // Null without memory.
  [[nodiscard]] static several* make(flow& of, std::span<const interest> interests, instant deadline, bool level) noexcept;
};

}  // namespace flux::pool

#endif
