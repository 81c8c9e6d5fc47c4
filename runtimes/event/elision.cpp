// Which constraints this server leaves out, and whose locks need no atomic instruction: both depend on how many loops it was started with.
#include <algorithm>

#include "event/server.hpp"

namespace flux::event {

const loop* server::home_of(constraint_user user) const noexcept {
  const source& s = *sources_[user.source];
  if (user.activation && s.has_thread) return nullptr;
  if (loops_.size() == 1) return loops_.front().get();
  // What every loop accepts stays on each, and what one alone accepts goes to all in turn; the ticks of a timer stay where they are made.
  const bool stays = s.is.timer || (user.activation && !s.on_every_loop);
  return stays ? s.only->with.loop_ : nullptr;
}

void server::elide() noexcept {
  // Who looks at the constraints, to time them or to name who holds one, shall see them.
  if (observes()) return;
  for (const elidable_constraint& each : program_.elidable) {
    const loop* const home = home_of(each.users.front());
    *each.elided = home != nullptr && std::all_of(each.users.begin(), each.users.end(), [&](constraint_user user) { return home_of(user) == home; });
  }
  const bool source_threads = std::any_of(sources_.begin(), sources_.end(), [](const auto& each) { return each->has_thread; });
  if (loops_.size() == 1 && !source_threads) loops_.front()->runs_with().alone_ = true;
}

}  // namespace flux::event
