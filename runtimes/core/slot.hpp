// Storage for one variable of a flow. Generated code says when the variable is alive; a slot does not know.
#ifndef FLUX_CORE_SLOT_HPP
#define FLUX_CORE_SLOT_HPP

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace flux {

// A variable that is constructed and destroyed by hand: what is alive is known at every place of the flow graph, so a flag
// here would only repeat it.
//
// Thread safety: that of T. Never blocks.
//
// A union and not bytes, so that a debugger shows the value.
template <typename T>
class slot {
 public:
  slot() noexcept {}
  ~slot() {}
  slot(const slot&) = delete;
  slot& operator=(const slot&) = delete;

  // Value-initialises. REQUIRES: not alive. Alive afterwards, unless T's constructor throws.
  void construct() noexcept(std::is_nothrow_default_constructible_v<T>) { ::new (address()) T(); }

  // REQUIRES: not alive. Alive afterwards.
  void construct(T value) noexcept requires(std::is_trivial_v<T> && !std::is_array_v<T>) { ::new (address()) T(value); }

  // REQUIRES: alive. Not alive afterwards.
  void destroy() noexcept {
    if constexpr (std::is_array_v<T>) {
      for (auto& element : value_) destroy_object(element);
    } else {
      destroy_object(value_);
    }
  }

  // REQUIRES: alive.
  [[nodiscard]] T& get() noexcept { return value_; }
  [[nodiscard]] const T& get() const noexcept { return value_; }

  // Constructs from the variable of `from`, by move. REQUIRES: `from` is alive, this is not. Both are alive afterwards.
  // Generated code refuses a type whose move can throw: no flow could go on from half a tuple.
  void take(slot& from) noexcept {
    if constexpr (std::is_array_v<T>) {
      ::new (address()) T();
      for (std::size_t index = 0; index < std::extent_v<T>; ++index) value_[index] = std::move(from.value_[index]);
    } else {
      ::new (address()) T(std::move(from.value_));
    }
  }

  // As take, and then `from` is not alive.
  void relocate(slot& from) noexcept {
    take(from);
    from.destroy();
  }

 private:
  template <typename Object>
  static void destroy_object(Object& object) noexcept {
    object.~Object();
  }

  void* address() noexcept { return const_cast<void*>(static_cast<const volatile void*>(__builtin_addressof(value_))); }

  union {
    T value_;
  };
};

}  // namespace flux

#endif
