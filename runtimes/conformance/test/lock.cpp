#include "lock.hpp"

#include <algorithm>

#include "violation.hpp"

namespace flux::test {

bool lock::grantable(mode how) const noexcept { return holders_.empty() || (how == mode::read && holders_.front().how == mode::read); }

bool lock::request(claim asked) noexcept {
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
    queue_.pop_front();
  }
}

std::vector<control*> lock::blockers(const control& who) const {
  std::vector<control*> result;
  for (const auto& holder : holders_) result.push_back(holder.who);
  for (const auto& waiter : queue_) {
    if (waiter.who == &who) break;
    result.push_back(waiter.who);
  }
  return result;
}

}  // namespace flux::test
