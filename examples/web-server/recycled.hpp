// Objects that are used for a moment, by one flow after the other: a request, a reply.
#ifndef WEB_SERVER_RECYCLED_HPP
#define WEB_SERVER_RECYCLED_HPP

#include <pthread.h>

#include <cstddef>
#include <utility>

namespace web {

// Owns a T, or nothing (one pointer). A T comes from a free list of the calling thread and goes back to the list of the thread
// that drops it, cleared but with the memory it has grown, so a busy server allocates nothing a request.
// A flow may move to another thread between two nodes: a T is no more bound to a thread than malloc's memory is.
// Where a T has a descriptor, a `wait` can name it.
// REQUIRES: T has `void clear()`.
template <typename T>
class recycled {
 public:
  recycled() = default;
  recycled(recycled&& other) noexcept : place_(std::exchange(other.place_, nullptr)) {}
  recycled& operator=(recycled&& other) noexcept {
    if (this != &other) {
      reset();
      place_ = std::exchange(other.place_, nullptr);
    }
    return *this;
  }
  ~recycled() { reset(); }

  // Never empty. Throws std::bad_alloc.
  [[nodiscard]] static recycled make() {
    recycled made;
    if (kept_.first == nullptr) {
      made.place_ = new place;
    } else {
      made.place_ = std::exchange(kept_.first, kept_.first->next);
      --kept_.count;
    }
    return made;
  }

  void reset() noexcept {
    if (place_ != nullptr) drop(std::exchange(place_, nullptr));
  }

  explicit operator bool() const noexcept { return place_ != nullptr; }
  [[nodiscard]] int fd() const noexcept
    requires requires(const T& object) { object.fd(); }
  {
    return place_ == nullptr ? -1 : place_->object.fd();
  }
  T* operator->() const noexcept { return &place_->object; }
  T& operator*() const noexcept { return place_->object; }

 private:
  static constexpr std::size_t kMostKept = 64;

  struct place {
    T object;
    place* next = nullptr;
  };

  // What one thread keeps. It has no destructor of its own, since libc ends the process when it has no memory to remember that a thread
  // must call one. A pthread key needs no memory.
  struct list {
    place* first;
    std::size_t count;
    bool has_end;

    // True if what is kept will be deleted when the thread ends.
    bool ends_with_thread() noexcept { return has_end || make_end(); }

    [[gnu::cold]] bool make_end() noexcept {
      has_end = key().known && pthread_setspecific(key().name, this) == 0;
      return has_end;
    }
  };

  static void drop(place* dropped) noexcept {
    dropped->object.clear();
    list& kept = kept_;
    if (kept.count < kMostKept && kept.ends_with_thread()) [[likely]] {
      dropped->next = kept.first;
      kept.first = dropped;
      ++kept.count;
    } else {
      delete dropped;
    }
  }

  struct thread_end {
    pthread_key_t name{};
    bool known = pthread_key_create(&name, &delete_kept) == 0;
  };

  static const thread_end& key() noexcept {
    static const thread_end made;
    return made;
  }

  static void delete_kept(void* of) noexcept {
    list& ending = *static_cast<list*>(of);
    while (ending.first != nullptr) delete std::exchange(ending.first, ending.first->next);
    ending = {};
  }

  static inline constinit thread_local list kept_{};

  place* place_ = nullptr;
};

}  // namespace web

#endif
