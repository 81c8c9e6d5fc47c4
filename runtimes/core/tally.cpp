// A hash table of counts with an upper bound.
#include "core/tally.hpp"

#include <algorithm>
#include <new>
#include <tuple>

namespace flux::core {
namespace {

constexpr std::size_t kFirstSlots = 64;

std::size_t hash(std::uint32_t group, std::uint64_t number) noexcept {
  // Numbers of paths are dense, those of sessions anything: the golden ratio spreads both over the upper bits.
  const std::uint64_t mixed = (number ^ (std::uint64_t{group} << 40)) * 0x9e37'79b9'7f4a'7c15;
  return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}

}  // namespace

void tally::add(std::uint32_t group, std::uint64_t number, std::uint64_t amount) noexcept {
  const futex_guard held(mutex_);
  tallied* entry = slots_ == 0 ? nullptr : &find(table_.get(), slots_, group, number);
  if (entry == nullptr || entry->count == 0) {
    const bool full = used_ >= kMost || (2 * (used_ + 1) > slots_ && !grow());
    if (full) {
      ++other_count_;
      other_sum_ += amount;
      return;
    }
    entry = &find(table_.get(), slots_, group, number);
    *entry = {group, number, 0, 0};
    ++used_;
  }
  ++entry->count;
  entry->sum += amount;
}

void tally::add_to(std::vector<tallied>& entries, tally_copy& others) const {
  const futex_guard held(mutex_);
  std::copy_if(table_.get(), table_.get() + slots_, std::back_inserter(entries), [](const tallied& each) { return each.count != 0; });
  others.other_count += other_count_;
  others.other_sum += other_sum_;
}

void tally::merge(tally_copy& all) {
  auto& entries = all.entries;
  std::sort(entries.begin(), entries.end(),
            [](const tallied& a, const tallied& b) { return std::tie(a.group, a.number) < std::tie(b.group, b.number); });
  std::size_t kept = 0;
  for (const tallied& each : entries) {
    if (kept != 0 && entries[kept - 1].group == each.group && entries[kept - 1].number == each.number) {
      entries[kept - 1].count += each.count;
      entries[kept - 1].sum += each.sum;
    } else {
      entries[kept++] = each;
    }
  }
  entries.resize(kept);
  std::stable_sort(entries.begin(), entries.end(), [](const tallied& a, const tallied& b) { return a.count > b.count; });
  for (std::size_t index = kMost; index < entries.size(); ++index) {
    all.other_count += entries[index].count;
    all.other_sum += entries[index].sum;
  }
  if (entries.size() > kMost) entries.resize(kMost);
}

bool tally::grow() noexcept {
  const std::size_t slots = slots_ == 0 ? kFirstSlots : 2 * slots_;
  std::unique_ptr<tallied[]> table(new (std::nothrow) tallied[slots]());
  if (table == nullptr) return false;
  for (std::size_t index = 0; index < slots_; ++index) {
    const tallied& each = table_[index];
    if (each.count != 0) find(table.get(), slots, each.group, each.number) = each;
  }
  table_ = std::move(table);
  slots_ = slots;
  return true;
}

tallied& tally::find(tallied* table, std::size_t slots, std::uint32_t group, std::uint64_t number) const noexcept {
  std::size_t slot = hash(group, number) & (slots - 1);
  while (table[slot].count != 0 && (table[slot].group != group || table[slot].number != number)) slot = (slot + 1) & (slots - 1);
  return table[slot];
}

}  // namespace flux::core
