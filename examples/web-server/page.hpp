// A file as it is served: its bytes, and every line of a reply's head that does not change from one request to the next.
#ifndef WEB_SERVER_PAGE_HPP
#define WEB_SERVER_PAGE_HPP

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

namespace web {

// Which state of which file it is.
struct file_state {
  dev_t device = 0;
  ino_t number = 0;
  off_t size = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::int64_t changed = 0;

  bool operator==(const file_state&) const = default;

  [[nodiscard]] static file_state of(const struct stat& status) noexcept {
    const auto nanoseconds = [](const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
    return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
  }
};

// Bytes of all files in memory: what the cache keeps, and what slow clients still take after the cache has dropped it.
inline std::atomic<std::size_t> bytes_in_memory{0};

// Nothing of it changes once others can see it, but for what is atomic.
struct contents {
  std::string path;   // what its requests name, decoded
  std::string type;   // Content-Type, a whole line
  std::string about;  // Last-Modified, ETag, Accept-Ranges: the lines that a 304 has too
  std::string etag;
  std::string whole;  // a 200 as it goes out, but for the date: its head, then all of the body, or nothing of it where `file` is open
  std::size_t head_size = 0;  // bytes of the head of `whole`
  file_state state;
  std::time_t modified = 0;  // as Last-Modified says it
  off_t size = 0;
  std::size_t counted = 0;  // of the body, in bytes_in_memory
  int file = -1;            // owned
  bool cacheable = false;

  // When it was last compared with the disk, as milliseconds() said it.
  std::atomic<std::int64_t> compared{0};
  // Has been asked for since the cache last looked for something to drop.
  std::atomic<bool> used{false};
  std::atomic<bool> in_cache{false};
  std::atomic<std::uint32_t> owners{1};

  contents() = default;
  contents(const contents&) = delete;
  contents& operator=(const contents&) = delete;
  ~contents() {
    if (file >= 0) ::close(file);
    if (counted > 0) bytes_in_memory.fetch_sub(counted, std::memory_order_relaxed);
  }

  // What of the body is in memory.
  [[nodiscard]] std::string_view body() const noexcept { return std::string_view(whole).substr(head_size); }

  // Bytes of memory, about.
  [[nodiscard]] std::size_t cost() const noexcept { return sizeof *this + 3 * path.size() + head_size + whole.size() + 256; }
};

// Shared ownership in one pointer; may be empty.
//
// Thread safety: as of an int for one page; two pages of the same contents may be used by two threads.
class page {
 public:
  constexpr page() noexcept = default;
  page(const page& other) noexcept : contents_(other.contents_) {
    if (contents_ != nullptr) contents_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  page(page&& other) noexcept : contents_(std::exchange(other.contents_, nullptr)) {}
  page& operator=(page other) noexcept {
    std::swap(contents_, other.contents_);
    return *this;
  }
  ~page() { reset(); }

  // Throws std::bad_alloc.
  [[nodiscard]] static page make() {
    page made;
    made.contents_ = new contents;
    return made;
  }

  void reset() noexcept {
    contents* const left = std::exchange(contents_, nullptr);
    if (left != nullptr && left->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(left);
  }

  explicit operator bool() const noexcept { return contents_ != nullptr; }
  contents* operator->() const noexcept { return contents_; }
  bool operator==(const page&) const noexcept = default;

 private:
  // Rare, and not worth a place in every function that lets a page go.
  [[gnu::noinline]] static void destroy(contents* unowned) noexcept { delete unowned; }

  contents* contents_ = nullptr;
};

}  // namespace web

#endif
