// The cache: a table, and a clock's hand that drops what nobody asked for since it last came by. So a hit changes no list, and readers
// share it.
#include "page_cache.hpp"

namespace web {

page page_cache::find(std::string_view path) const {
  const auto found = index_.find(path);
  if (found == index_.end()) return {};
  const page& hit = pages_[found->second];
  // Written only where it changes: a busy page stays in every core's cache.
  if (!hit->used.load(std::memory_order_relaxed)) hit->used.store(true, std::memory_order_relaxed);
  return hit;
}

void page_cache::store(page made) {
  if (!has_room_for(made->cost())) return;
  if (const auto found = index_.find(made->path); found != index_.end()) drop(found->second);
  pages_.reserve(pages_.size() + 1);
  index_.emplace(made->path, pages_.size());
  bytes_ += made->cost();
  made->in_cache.store(true, std::memory_order_relaxed);
  pages_.push_back(std::move(made));
  make_room();
}

void page_cache::make_room() noexcept {
  while (bytes_ > limit_) {
    if (hand_ >= pages_.size()) hand_ = 0;
    const page& here = pages_[hand_];
    if (here->used.exchange(false, std::memory_order_relaxed)) {
      ++hand_;
    } else {
      drop(hand_);
    }
  }
}

void page_cache::drop(std::size_t index) noexcept {
  page dropped = std::move(pages_[index]);
  bytes_ -= dropped->cost();
  dropped->in_cache.store(false, std::memory_order_relaxed);
  index_.erase(dropped->path);
  if (index + 1 != pages_.size()) {
    pages_[index] = std::move(pages_.back());
    index_.find(pages_[index]->path)->second = index;
  }
  pages_.pop_back();
}

}  // namespace web
