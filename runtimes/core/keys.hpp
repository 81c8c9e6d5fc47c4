// Keys of a keyed constraint: in which order one node's are acquired, and where the key of a lock that is lent is kept.
#ifndef FLUX_CORE_KEYS_HPP
#define FLUX_CORE_KEYS_HPP

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "core/call.hpp"

namespace flux::core {

template <typename Key>
struct wanted_key {
  const Key* key;
  flux::mode mode;
};

struct keys_in_order {
  // Of those that are different; they come first.
  std::size_t count;
  // 0, or the failure of an exception that < threw; the order is of no use then.
  std::int32_t error;
};

// Puts the keys that one node wants of one class into ascending order, each once, in the stronger of the modes it is wanted in. The same
// keys give the same order, so whoever was parked between two of them may ask again. Two keys are one where neither is less. They are as
// many as the node names: few, so they are inserted one by one.
template <typename Key>
[[nodiscard]] keys_in_order in_order(std::span<wanted_key<Key>> wanted) noexcept {
  std::size_t count = 0;
  try {
    for (const wanted_key<Key> one : wanted) {
      std::size_t at = count;
      while (at != 0 && *one.key < *wanted[at - 1].key) --at;
      if (at != 0 && !(*wanted[at - 1].key < *one.key)) {
        if (one.mode == flux::mode::write) wanted[at - 1].mode = flux::mode::write;
        continue;
      }
      for (std::size_t from = count++; from > at; --from) wanted[from] = wanted[from - 1];
      wanted[at] = one;
    }
  } catch (const std::bad_alloc&) {
    return {.count = 0, .error = ENOMEM};
  } catch (...) {
    return {.count = 0, .error = failure_of_exception()};
  }
  return {.count = count, .error = 0};
}

// The key of an entry: there from set to clear.
template <typename Key>
class key_slot {
 public:
  key_slot() noexcept {}
  ~key_slot() {}
  key_slot(const key_slot&) = delete;
  key_slot& operator=(const key_slot&) = delete;

  void set(const Key& to) { std::construct_at(&key_, to); }
  void clear() noexcept { std::destroy_at(&key_); }
  [[nodiscard]] const Key& get() const noexcept { return key_; }

 private:
  union {
    Key key_;
  };
};

// One with memory of its own, as a string: it keeps that from key to key, so that lending allocates nothing, unless it is much.
template <typename Key>
  requires std::is_copy_assignable_v<Key> && std::is_nothrow_default_constructible_v<Key> && requires(const Key& key) {
    { key.capacity() } -> std::convertible_to<std::size_t>;
    sizeof(typename Key::value_type);
  }
class key_slot<Key> {
 public:
  void set(const Key& to) { key_ = to; }
  void clear() noexcept {
    if (key_.capacity() * sizeof(typename Key::value_type) <= kMostKept) return;
    std::destroy_at(&key_);
    std::construct_at(&key_);
  }
  [[nodiscard]] const Key& get() const noexcept { return key_; }

 private:
  static constexpr std::size_t kMostKept = 256;

  Key key_;
};

}  // namespace flux::core

#endif
