// Objects that are used for a moment, by one flow after the other: a request, a reply.
#ifndef WEB_SERVER_RECYCLED_HPP
#define WEB_SERVER_RECYCLED_HPP

#include <memory>
#include <utility>
#include <vector>

namespace web {

// Owns a T, or nothing (one pointer). A T comes from a free list of the calling thread and goes back to the list of the thread
// that drops it, cleared but with the memory it has grown, so a busy server allocates nothing a request.
// A flow may move to another thread between two nodes: a T is no more bound to a thread than malloc's memory is.
// REQUIRES: T has `void clear()`.
template <typename T>
class recycled {
 public:
  recycled() = default;
  recycled(recycled&& other) noexcept : object_(std::move(other.object_)) {}
  recycled& operator=(recycled&& other) noexcept {
    if (this != &other) {
      reset();
      object_ = std::move(other.object_);
    }
    return *this;
  }
  ~recycled() { reset(); }

  // Never empty. Throws std::bad_alloc.
  [[nodiscard]] static recycled make() {
    recycled made;
    auto& list = free_list();
    if (list.empty()) {
      made.object_ = std::make_unique<T>();
    } else {
      made.object_ = std::move(list.back());
      list.pop_back();
    }
    return made;
  }

  void reset() noexcept {
    if (object_ == nullptr) return;
    object_->clear();
    auto& list = free_list();
    if (list.size() < list.capacity()) list.push_back(std::move(object_));
    object_.reset();
  }

  explicit operator bool() const noexcept { return object_ != nullptr; }
  T* operator->() const noexcept { return object_.get(); }
  T& operator*() const noexcept { return *object_; }

 private:
  static std::vector<std::unique_ptr<T>>& free_list() {
    thread_local std::vector<std::unique_ptr<T>> list = [] {
      std::vector<std::unique_ptr<T>> empty;
      empty.reserve(64);
      return empty;
    }();
    return list;
  }

  std::unique_ptr<T> object_;
};

}  // namespace web

#endif
