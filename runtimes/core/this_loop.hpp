// Which loop the calling thread is, where a runtime has several: for what the loops have one each of, as the sockets of a listener.
#ifndef FLUX_CORE_THIS_LOOP_HPP
#define FLUX_CORE_THIS_LOOP_HPP

#include <cstdint>

namespace flux::core {

// From 1; 0 on a thread that is none, and works for none.
[[nodiscard]] std::uint32_t this_loop() noexcept;
void set_this_loop(std::uint32_t number) noexcept;

}  // namespace flux::core

#endif
