// What the locks of one table have in common, for those who check in which order locks are acquired: the rank check, the test runtime.
#ifndef FLUX_CORE_LOCK_FAMILY_HPP
#define FLUX_CORE_LOCK_FAMILY_HPP

namespace flux::core {

// A table has one, and its address says which locks are of it.
template <typename Lock>
struct lock_family {
  // Whether the key of `lower` is less than that of `upper`; true where it cannot be said: < throws, or there is none.
  // REQUIRES: both are lent, by the table of this family.
  bool (*ascends)(const Lock& lower, const Lock& upper) noexcept;
};

// Whether both are of one table; false where nobody checks and no lock knows.
template <typename Lock>
[[nodiscard]] bool of_one_table(const Lock& one, const Lock& other) noexcept {
  return one.family() != nullptr && one.family() == other.family();
}

// Whether who holds `held` may acquire `wanted`: it ranks above, or both are of one table and it is that of a greater key.
template <typename Lock>
[[nodiscard]] bool ascends(const Lock& held, const Lock& wanted) noexcept {
  if (held.rank() != wanted.rank()) return held.rank() < wanted.rank();
  return of_one_table(held, wanted) && held.family()->ascends(held, wanted);
}

}  // namespace flux::core

#endif
