#include "lock.hpp"

#include <algorithm>

#include "violation.hpp"

namespace flux::test {

namespace {

std::unordered_set<const lock*>& lent_now() noexcept {
  static std::unordered_set<const lock*> all;
  return all;
}

}  // namespace

const std::unordered_set<const lock*>& lock::lent() noexcept { return lent_now(); }

void lock::borrowed() noexcept {
  if (borrowers_++ == 0) lent_now().insert(this);
}

void lock::given_back() noexcept {
  if (borrowers_ == 0) violation("`%s` was given back more often than borrowed", name_);
  if (--borrowers_ != 0) return;
  if (!idle()) violation("`%s` was given back by all who had borrowed it, and is %s", name_, holders_.empty() ? "waited for" : "held");
  lent_now().erase(this);
  std::vector<claim>().swap(holders_);
  std::vector<claim>().swap(queue_);
}

bool lock::grantable(mode how) const noexcept {
  if (units_ != 0) return holders_.size() < units_;
  return holders_.empty() || (how == mode::read && holders_.front().how == mode::read);
}

bool lock::request(claim asked) noexcept {
  if (units_ != 0 && asked.how != mode::read) violation("`%s` is a pool, and a flow acquired it as writer", name_);
  for (const auto& holder : holders_) {
    if (holder.who == asked.who) violation("a flow acquired `%s` a second time", name_);
  }
  if (queue_.empty() && grantable(asked.how)) {
    holders_.push_back(asked);
    return true;
  }
  queue_.push_back(asked);
  return false;
}

void lock::cancel(const control& who, std::vector<control*>& granted) noexcept {
  std::erase_if(queue_, [&who](const claim& one) { return one.who == &who; });
  grant(granted);
}

void lock::release(const control& who, mode how, std::vector<control*>& granted) noexcept {
  const auto holder = std::ranges::find_if(holders_, [&](const claim& one) { return one.who == &who && one.how == how; });
  if (holder == holders_.end()) violation("a flow released `%s`, which it does not hold in this mode", name_);
  holders_.erase(holder);
  grant(granted);
}

void lock::grant(std::vector<control*>& granted) noexcept {
  while (!queue_.empty() && grantable(queue_.front().how)) {
    holders_.push_back(queue_.front());
    granted.push_back(queue_.front().who);
    queue_.erase(queue_.begin());
  }
}

bool lock::comes_to(const control& who, const std::unordered_set<const control*>& live) const {
  const auto goes_on = [&live](const claim& one) { return live.contains(one.who); };
  const auto mine = std::ranges::find_if(queue_, [&who](const claim& one) { return one.who == &who; });
  if (!std::all_of(queue_.begin(), mine, goes_on)) return false;
  return units_ != 0 ? std::ranges::any_of(holders_, goes_on) : std::ranges::all_of(holders_, goes_on);
}

}  // namespace flux::test
