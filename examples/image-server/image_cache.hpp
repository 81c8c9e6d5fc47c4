// Images that are kept in memory up to a number of bytes, and those that are being made or in use. Has no lock of its own:
// image-server.flux says who holds `cache`. Knows neither files nor clients.
#ifndef IMAGE_SERVER_IMAGE_CACHE_HPP
#define IMAGE_SERVER_IMAGE_CACHE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <flux/socket.hpp>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../web-server/page.hpp"

namespace photo {

// A descriptor that becomes readable when an image is made, or will not be; the last who waits for it closes it.
using signal = std::shared_ptr<const flux::socket>;

struct image;

// Least frequently used first. What was used often long ago does not stay for ever: a use counts from where the last image was dropped.
struct used_less {
  bool operator()(const image* one, const image* other) const noexcept;
};
using use_order = std::set<image*, used_less>;

// One picture in one size. Its address stays the same as long as it has users.
struct image {
  std::string name;  // what tells it from every other
  std::string path;  // of the picture it is made of

  // Written once, by the flow that makes it, before `is_settled`: the image as it is sent, or why there is none.
  web::page page;
  int error = 0;
  std::atomic<bool> is_settled{false};

  // All else is the cache's, and read and written only by who holds it.
  std::uint32_t users = 0;  // requests between CheckCache and Complete
  std::uint64_t uses = 0;   // since it is in the cache
  std::uint64_t rank = 0;
  std::uint64_t last_use = 0;
  bool is_listed = true;  // can be found by its name
  photo::signal signal;
  use_order::node_type place;  // what it has in the order while it has no user; kept here meanwhile, so that giving back cannot fail
};

// What has happened so far.
struct image_counts {
  std::uint64_t hits = 0;      // requests whose image was there
  std::uint64_t joined = 0;    // requests that waited for another's
  std::uint64_t begun = 0;     // images that were to be made
  std::uint64_t made = 0;
  std::uint64_t failed = 0;
  std::uint64_t evicted = 0;   // dropped for want of room
  std::uint64_t outdated = 0;  // dropped since their picture has changed
  std::uint64_t images = 0;    // can be found now, made or being made
  std::uint64_t in_use = 0;    // have users now
  std::uint64_t bytes = 0;     // of those that can be found
};

// One state of a file, as it was when an image was made of it.
struct file_of_image {
  std::string path;
  web::file_state state;
  bool has_changed = false;
};

// REQUIRES of all members but the first: the caller holds `cache`.
//
// Invariants: (1) an image is destroyed only when it has no user; (2) those in the order are made, listed and without users;
// (3) behind every call the bytes of what can be found are at most the limit, or all of it that is made is in use.
class image_cache {
 public:
  image_cache() = default;
  image_cache(const image_cache&) = delete;
  image_cache& operator=(const image_cache&) = delete;
  ~image_cache();

  // 0: nothing is kept. Before everything else.
  void set_limit(std::size_t bytes) noexcept { limit_ = bytes; }

  struct entered {
    photo::image* image = nullptr;
    bool is_first = false;   // the caller makes it, and ends with `settle` or `fail`
    photo::signal to_await;  // another makes it: becomes readable when it is settled
  };

  // Counts one more user of an image; it must `leave`. Throws std::bad_alloc, and std::system_error where there is no descriptor to wait
  // with: then nothing has changed.
  [[nodiscard]] entered enter(std::string_view name, std::string_view path);

  // The image that `enter` let the caller make. Nothing is kept of what would take more than an eighth of the cache.
  void settle(image& made, web::page page) noexcept;

  // There is none. Whoever asks from now on tries again.
  void fail(image& missing, int error) noexcept;

  // One user less.
  void leave(image& used) noexcept;

  // The files of all that is kept, each once, sorted by path. Throws std::bad_alloc.
  [[nodiscard]] std::vector<file_of_image> files() const;

  // Drops what was made of one of these states of files that has changed; who uses it goes on with it.
  // REQUIRES: `files` is what `files()` returned, but for `has_changed`.
  void drop_changed(const std::vector<file_of_image>& files) noexcept;

  [[nodiscard]] const image_counts& counts() const noexcept { return counts_; }

 private:
  void wake(image& settled) noexcept;
  // It cannot be found any more. Destroys it if it has no user.
  void unlist(image& dropped) noexcept;
  void make_room() noexcept;

  std::size_t limit_ = 0;
  std::uint64_t age_ = 0;    // the rank of what was evicted last
  std::uint64_t clock_ = 0;  // uses so far
  // Owns all that is listed; what is not is owned by its users together. The keys are their names.
  std::unordered_map<std::string_view, image*> index_;
  use_order order_;
  image_counts counts_;
};

}  // namespace photo

#endif
