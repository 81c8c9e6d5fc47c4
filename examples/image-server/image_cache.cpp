// The cache: reference counts, the order of use, and one computation for all who ask for the same.
#include "image_cache.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <tuple>
#include <utility>

namespace photo {
namespace {

// Bytes of memory, about.
std::size_t cost(const image& one) noexcept { return sizeof one + 2 * one.name.size() + one.page->cost(); }

signal make_signal() {
  const int made = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (made < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  flux::socket owned(made);
  return std::make_shared<const flux::socket>(std::move(owned));
}

}  // namespace

bool used_less::operator()(const image* one, const image* other) const noexcept {
  return std::tie(one->rank, one->last_use) < std::tie(other->rank, other->last_use);
}

image_cache::~image_cache() {
  for (const auto& [name, listed] : index_) delete listed;
}

image_cache::entered image_cache::enter(std::string_view name, std::string_view path) {
  entered result;
  const auto found = index_.find(name);
  if (found == index_.end()) {
    auto made = std::make_unique<image>();
    made->name = name;
    made->path = path;
    made->place = order_.extract(order_.insert(made.get()).first);
    index_.emplace(made->name, made.get());
    result.image = made.release();
    result.is_first = true;
    ++counts_.begun;
    ++counts_.images;
  } else {
    result.image = found->second;
    if (result.image->is_settled.load(std::memory_order_relaxed)) {
      if (result.image->users == 0) result.image->place = order_.extract(result.image);
      ++counts_.hits;
    } else {
      if (!result.image->signal) result.image->signal = make_signal();
      result.to_await = result.image->signal;
      ++counts_.joined;
    }
  }
  image& used = *result.image;
  if (++used.users == 1) ++counts_.in_use;
  used.rank = age_ + ++used.uses;
  used.last_use = ++clock_;
  return result;
}

void image_cache::wake(image& settled) noexcept {
  settled.is_settled.store(true, std::memory_order_release);
  if (!settled.signal) return;
  // Nobody reads it: once readable, it stays so.
  constexpr std::uint64_t one = 1;
  ssize_t written;
  do {
    written = ::write(settled.signal->fd(), &one, sizeof one);
  } while (written < 0 && errno == EINTR);
  settled.signal.reset();
}

void image_cache::settle(image& made, web::page page) noexcept {
  made.page = std::move(page);
  ++counts_.made;
  const std::size_t bytes = cost(made);
  counts_.bytes += bytes;
  wake(made);
  if (bytes > limit_ / 8) {
    unlist(made);
  } else {
    make_room();
  }
}

void image_cache::fail(image& missing, int error) noexcept {
  missing.error = error;
  ++counts_.failed;
  wake(missing);
  unlist(missing);
}

void image_cache::leave(image& used) noexcept {
  if (--used.users > 0) return;
  --counts_.in_use;
  if (!used.is_listed) {
    delete &used;
    return;
  }
  order_.insert(std::move(used.place));
  make_room();
}

void image_cache::unlist(image& dropped) noexcept {
  index_.erase(dropped.name);
  dropped.is_listed = false;
  --counts_.images;
  if (dropped.page) counts_.bytes -= cost(dropped);
  if (dropped.users > 0) return;
  order_.erase(&dropped);
  delete &dropped;
}

void image_cache::make_room() noexcept {
  while (counts_.bytes > limit_ && !order_.empty()) {
    image& least = **order_.begin();
    age_ = least.rank;
    ++counts_.evicted;
    unlist(least);
  }
}

std::vector<file_of_image> image_cache::files() const {
  std::vector<file_of_image> found;
  for (const auto& [name, listed] : index_) {
    if (listed->page) found.push_back({.path = listed->path, .state = listed->page->state});
  }
  const auto less = [](const file_of_image& one, const file_of_image& other) {
    return std::tie(one.path, one.state.modified, one.state.changed, one.state.number) < std::tie(other.path, other.state.modified, other.state.changed, other.state.number);
  };
  std::sort(found.begin(), found.end(), less);
  const auto same = [](const file_of_image& one, const file_of_image& other) { return one.path == other.path && one.state == other.state; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

void image_cache::drop_changed(const std::vector<file_of_image>& files) noexcept {
  const auto less = [](const file_of_image& file, const std::string& path) { return file.path < path; };
  for (auto next = index_.begin(); next != index_.end();) {
    image& listed = *(next++)->second;
    if (!listed.page) continue;
    for (auto file = std::lower_bound(files.begin(), files.end(), listed.path, less); file != files.end() && file->path == listed.path; ++file) {
      if (!file->has_changed || file->state != listed.page->state) continue;
      ++counts_.outdated;
      unlist(listed);
      break;
    }
  }
}

}  // namespace photo
