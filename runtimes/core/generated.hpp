// What a generated program includes of core. Nothing else includes it.
#ifndef FLUX_CORE_GENERATED_HPP
#define FLUX_CORE_GENERATED_HPP

#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include "call.hpp"
#include "contract.hpp"
#include "descriptors.hpp"
#include "slot.hpp"

namespace flux {

// Value-initialises all variables, or none: then `error` says why. Folds to true for types whose constructor cannot throw.
template <typename T, typename... Rest>
[[nodiscard]] bool construct(std::int32_t& error, slot<T>& first, slot<Rest>&... rest) noexcept {
  if constexpr (std::is_nothrow_default_constructible_v<T>) {
    first.construct();
  } else if constexpr (std::is_default_constructible_v<T>) {
    try {
      first.construct();
    } catch (...) {
      error = failure_of_exception();
      return false;
    }
  }
  if constexpr (sizeof...(Rest) != 0) {
    if (!construct(error, rest...)) {
      first.destroy();
      return false;
    }
  }
  return true;
}

// What generated code asserts of the types of variables, each at the line of the .flux file.
template <typename T>
concept complete_type = requires { sizeof(T); };
// A new output is value-initialised before the first call of its node.
template <typename T>
concept output_type = complete_type<T> && std::is_default_constructible_v<T> && std::is_nothrow_destructible_v<T>;
// The variable goes from one place of the record to another, or into the record of a new flow.
template <typename T>
concept moved_type = complete_type<T> && (std::is_array_v<T> || std::is_nothrow_move_constructible_v<T>) && std::is_nothrow_destructible_v<T>;

template <typename T>
concept has_descriptor = requires(T& object) {
  { object.fd() } -> std::convertible_to<int>;
};
template <typename T>
concept can_wait = std::is_same_v<std::remove_const_t<T>, int> || has_descriptor<T> || (std::is_pointer_v<T> && has_descriptor<std::remove_pointer_t<T>>);

// The descriptor of what a `wait` names; -1, which fails with EBADF, where there is none or `fd` throws. Blocks only if `fd` does.
template <typename T>
[[nodiscard]] int descriptor(T& object) noexcept {
  if constexpr (std::is_same_v<std::remove_const_t<T>, int>) {
    return object;
  } else if constexpr (std::is_pointer_v<T> && can_wait<T>) {
    return object == nullptr ? -1 : descriptor(*object);
  } else if constexpr (can_wait<T>) {
    if constexpr (noexcept(object.fd())) {
      return object.fd();
    } else {
      try {
        return object.fd();
      } catch (...) {
        static_cast<void>(failure_of_exception());
        return -1;
      }
    }
  } else {
    return -1;
  }
}

// True if one of these can block a node that reads or writes it: then it is polled before the call. Never blocks.
template <typename... Descriptor>
[[nodiscard]] bool any_blocking(Descriptor... fd) noexcept {
  return (... || descriptors::is_blocking(fd));
}

// The listener that a source's `wait` names; null if it names something else.
template <typename T>
[[nodiscard]] constexpr tcp_listener* listener_of(T& object) noexcept {
  if constexpr (std::is_convertible_v<T*, tcp_listener*>) {
    return &object;
  } else {
    return nullptr;
  }
}

template <std::same_as<instant>... Instant>
[[nodiscard]] constexpr instant earliest(instant first, Instant... rest) noexcept {
  ((first = rest < first ? rest : first), ...);
  return first;
}

// `init` and `finish` of a natural program are used if its header declares them with exactly these parameters.
namespace absent {
absent_function init, finish;
}  // namespace absent

namespace detail {

template <typename Init>
int run_init(int argc, char** argv) {
  if constexpr (declares<Init, int (*)(int, char**)>) {
    return Init::flux_use(exactly<int (*)(int, char**)>{})(argc, argv);
  } else {
    Init::flux_use(exactly<void (*)(int, char**)>{})(argc, argv);
    return 0;
  }
}

template <typename Finish>
void run_finish() {
  if constexpr (declares<Finish, int (*)()>) {
    static_cast<void>(Finish::flux_use(exactly<int (*)()>{})());
  } else {
    Finish::flux_use(exactly<void (*)()>{})();
  }
}

}  // namespace detail

template <typename Init>
[[nodiscard]] constexpr auto init_of() noexcept -> int (*)(int, char**) {
  if constexpr (detail::declares<Init, int (*)(int, char**)> || detail::declares<Init, void (*)(int, char**)>) {
    return &detail::run_init<Init>;
  } else {
    return nullptr;
  }
}

template <typename Finish>
[[nodiscard]] constexpr auto finish_of() noexcept -> void (*)() {
  if constexpr (detail::declares<Finish, int (*)()> || detail::declares<Finish, void (*)()>) {
    return &detail::run_finish<Finish>;
  } else {
    return nullptr;
  }
}

}  // namespace flux

#endif
