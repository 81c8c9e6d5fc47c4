// Pictures on their way from a file of the format PPM to a JPEG. Knows neither requests nor the cache.
#ifndef IMAGE_SERVER_PICTURE_HPP
#define IMAGE_SERVER_PICTURE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "../web-server/page.hpp"

namespace photo {

// Why no picture comes of a file. Beside errno, and beside what flux:: returns.
enum failure : int {
  not_a_picture = 0x20001,  // it does not begin as a PPM file (P6) does, or its numbers are none
  truncated,                // it has fewer bytes than its head promises
  too_large,                // more pixels than this server reads
  result_too_large,         // no size was asked for, and its own is more than is sent
  busy,                     // too many images are being made
  wrong_size                // what is asked for is no size, or no quality
};

// What a client may ask for, and what is sent at most: pixels a side.
inline constexpr std::uint32_t kMostSide = 4096;

// What a client asks for. 0: what follows from the other; both 0: as large as the picture is.
struct wanted_size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// Bytes of all pixels that are in memory, so that a crowd that asks for everything at once cannot have all memory: past the most, who comes
// next is `busy`, unless nobody else is there.
class pixel_budget {
 public:
  static constexpr std::size_t kMost = 256 * 1024 * 1024;

  // False if there is no room.
  [[nodiscard]] static bool take(std::size_t bytes) noexcept {
    const std::size_t before = taken_.fetch_add(bytes, std::memory_order_relaxed);
    if (before == 0 || before + bytes <= kMost) return true;
    give_back(bytes);
    return false;
  }
  static void give_back(std::size_t bytes) noexcept { taken_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  static inline std::atomic<std::size_t> taken_{0};
};

// Rows of red, green and blue bytes, from the top. Moves; does not copy.
class pixels {
 public:
  pixels() = default;
  pixels(pixels&& other) noexcept { swap(other); }
  pixels& operator=(pixels&& other) noexcept {
    pixels(std::move(other)).swap(*this);
    return *this;
  }
  ~pixels() {
    if (bytes_) pixel_budget::give_back(size());
  }

  // With bytes of any value. Empty if the budget has no room. Throws std::bad_alloc.
  [[nodiscard]] static pixels make(std::uint32_t width, std::uint32_t height) {
    pixels made;
    made.width_ = width;
    made.height_ = height;
    if (!pixel_budget::take(made.size())) return {};
    try {
      made.bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(made.size());
    } catch (...) {
      pixel_budget::give_back(made.size());
      throw;
    }
    return made;
  }

  explicit operator bool() const noexcept { return bytes_ != nullptr; }
  [[nodiscard]] std::uint32_t width() const noexcept { return width_; }
  [[nodiscard]] std::uint32_t height() const noexcept { return height_; }
  [[nodiscard]] std::size_t row_size() const noexcept { return std::size_t{3} * width_; }
  [[nodiscard]] std::size_t size() const noexcept { return row_size() * height_; }
  // REQUIRES: y <= height().
  [[nodiscard]] std::uint8_t* row(std::uint32_t y) noexcept { return bytes_.get() + row_size() * y; }
  [[nodiscard]] const std::uint8_t* row(std::uint32_t y) const noexcept { return bytes_.get() + row_size() * y; }

  web::file_state source;  // the file they were read from

 private:
  void swap(pixels& other) noexcept {
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    std::swap(bytes_, other.bytes_);
    std::swap(source, other.source);
  }

  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

// Reads a PPM file of `size` bytes from its begin, scaled on the way, a strip of rows at a time. Returns 0, a `failure` or an errno.
// Blocks as reading does. Throws std::bad_alloc.
[[nodiscard]] int read_ppm(int file, std::uint64_t size, wanted_size wanted, pixels& made);

// Appends a JPEG of quality 1 to 100 to `bytes`. Returns 0 or an errno.
[[nodiscard]] int append_jpeg(const pixels& picture, int quality, std::string& bytes) noexcept;

}  // namespace photo

#endif
