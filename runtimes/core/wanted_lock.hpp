// How generated code gets the lock of a session or key: it borrows it, remembers it in the record, acquires it, and puts it with what the
// record holds (see lock_table.hpp). A record that does so has `Lock* wanted`, null but while it acquires; with several keys of one node also
// `mode wanted_mode` and `next_key`, the number of those that it has.
#ifndef FLUX_CORE_WANTED_LOCK_HPP
#define FLUX_CORE_WANTED_LOCK_HPP

#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>

#include "core/keys.hpp"
#include "core/lock_table.hpp"

namespace flux {

// What generated code asserts of the type of a key.
template <typename T>
concept key_type = std::is_copy_constructible_v<T> && std::is_nothrow_destructible_v<T> && requires(const T& one, const T& other) {
  { std::hash<T>{}(one) } -> std::convertible_to<std::size_t>;
  { one == other } -> std::convertible_to<bool>;
  { one < other } -> std::convertible_to<bool>;
};

// The lock of `key` is wanted next. False: record.error says why there is none.
template <typename Record, typename Table, typename Key>
[[nodiscard]] bool want(Record& record, Table& table, const Key& key) noexcept {
  const auto [lock, error] = table.borrow(key);
  record.wanted = lock;
  record.error = error;
  return lock != nullptr;
}

// Of several keys the next that the record has not: in ascending order, equal ones once. False: it has all of them, or record.error is not 0.
template <typename Record, typename Table, typename Key, std::size_t Count>
[[nodiscard]] bool want_next(Record& record, Table& table, core::wanted_key<Key> (&keys)[Count]) noexcept {
  const auto [count, error] = core::in_order(std::span<core::wanted_key<Key>>(keys));
  record.error = error;
  if (error != 0 || record.next_key >= count) return false;
  record.wanted_mode = keys[record.next_key].mode;
  return want(record, table, *keys[record.next_key].key);
}

// Acquired.
template <typename Record>
void hold_wanted(Record& record, mode how) noexcept {
  record.held.push(*record.wanted, how);
  record.wanted = nullptr;
}

}  // namespace flux

#endif
