// Reads PPM (P6, one or two bytes a sample). Nothing in a file is believed before it is checked: a head is small, numbers have an end, and
// no memory is taken for what a file promises and does not hold.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "picture.hpp"
#include "scaler.hpp"

namespace photo {
namespace {

// Bytes of a head, comments included.
constexpr std::size_t kMostHead = 4096;
// Pixels a side, and all.
constexpr std::uint32_t kMostSourceSide = 65'500;
constexpr std::uint64_t kMostSourcePixels = 100'000'000;
// Bytes that are read at once, where a row is not longer.
constexpr std::size_t kStrip = 128 * 1024;

// What a head says.
struct head {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t most = 0;  // the value of a sample that is as bright as can be
  std::size_t size = 0;    // bytes of the head itself

  [[nodiscard]] std::size_t sample_size() const noexcept { return most > 255 ? 2 : 1; }
  [[nodiscard]] std::size_t row_size() const noexcept { return 3 * sample_size() * width; }
};

bool is_space(char byte) noexcept { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

// Reads from the front of a file's bytes.
class head_reader {
 public:
  explicit head_reader(std::string_view bytes) noexcept : bytes_(bytes) {}

  // A number from 1 to `most`, with the white space and the comments before it: at least one byte of those. Returns 0 or a failure.
  [[nodiscard]] int number(std::uint32_t most, std::uint32_t& value) noexcept {
    const std::size_t before = at_;
    while (at_ < bytes_.size() && (is_space(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#') at_ = std::min(bytes_.find_first_of("\r\n", at_), bytes_.size() - 1);
      ++at_;
    }
    if (at_ == before) return not_a_picture;
    const std::size_t first = at_;
    std::uint64_t read = 0;
    for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_) {
      read = std::min<std::uint64_t>(read * 10 + static_cast<std::uint64_t>(bytes_[at_] - '0'), std::uint64_t{1} << 32);
    }
    if (at_ == bytes_.size()) return bytes_.size() < kMostHead ? truncated : not_a_picture;
    if (at_ == first || read == 0) return not_a_picture;
    if (read > most) return too_large;
    value = static_cast<std::uint32_t>(read);
    return 0;
  }

  // One byte of white space ends a head.
  [[nodiscard]] bool end(std::size_t& size) noexcept {
    if (!is_space(bytes_[at_])) return false;
    size = at_ + 1;
    return true;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 2;
};

int read_head(std::string_view bytes, head& read) noexcept {
  if (!bytes.starts_with("P6")) return not_a_picture;
  head_reader reader(bytes);
  if (const int failed = reader.number(kMostSourceSide, read.width)) return failed;
  if (const int failed = reader.number(kMostSourceSide, read.height)) return failed;
  if (const int failed = reader.number(65'535, read.most)) return failed == too_large ? not_a_picture : failed;
  if (!reader.end(read.size)) return not_a_picture;
  return std::uint64_t{read.width} * read.height > kMostSourcePixels ? too_large : 0;
}

// Reads all of `length` bytes, unless the file ends before. Returns how many, or -1.
ssize_t read_at(int file, void* bytes, std::size_t length, std::uint64_t offset) noexcept {
  std::size_t done = 0;
  while (done < length) {
    const ssize_t count = ::pread(file, static_cast<char*>(bytes) + done, length - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(done);
}

// What a side becomes if the other becomes `other` of `source_other`.
std::uint32_t in_proportion(std::uint32_t side, std::uint32_t other, std::uint32_t source_other) noexcept {
  const std::uint64_t scaled = (std::uint64_t{side} * other + source_other / 2) / source_other;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(scaled, 1, UINT32_MAX));
}

wanted_size result_size(const head& source, wanted_size wanted) noexcept {
  if (wanted.width == 0 && wanted.height == 0) return {source.width, source.height};
  if (wanted.width == 0) return {in_proportion(source.width, wanted.height, source.height), wanted.height};
  if (wanted.height == 0) return {wanted.width, in_proportion(source.height, wanted.width, source.width)};
  return wanted;
}

// Makes samples bytes from 0 to 255. `to` may be `from`.
class sample_converter {
 public:
  explicit sample_converter(std::uint32_t most) noexcept : most_(most) {
    if (most_ >= 255) return;
    for (std::uint32_t value = 0; value < bytes_.size(); ++value) bytes_[value] = scaled(value);
  }

  [[nodiscard]] bool is_needed() const noexcept { return most_ != 255; }

  void convert(const std::uint8_t* from, std::size_t samples, std::uint8_t* to) const noexcept {
    if (most_ < 255) {
      for (std::size_t i = 0; i < samples; ++i) to[i] = bytes_[from[i]];
    } else {
      for (std::size_t i = 0; i < samples; ++i) to[i] = scaled(std::uint32_t{from[2 * i]} << 8 | from[2 * i + 1]);
    }
  }

 private:
  // A sample may lie above what the head allows; it is as bright as can be.
  [[nodiscard]] std::uint8_t scaled(std::uint32_t value) const noexcept {
    return static_cast<std::uint8_t>((std::min(value, most_) * 255 + most_ / 2) / most_);
  }

  std::uint32_t most_;
  std::array<std::uint8_t, 256> bytes_{};
};

// Reads strips of rows and gives each row to `take`. Returns 0, `truncated` or an errno.
template <typename Take>
int read_rows(int file, const head& source, const Take& take) {
  const sample_converter converter(source.most);
  const std::size_t row_size = source.row_size();
  const auto rows_at_once = static_cast<std::uint32_t>(std::clamp<std::size_t>(kStrip / row_size, 1, source.height));
  std::vector<std::uint8_t> strip(rows_at_once * row_size);
  std::uint64_t offset = source.size;
  for (std::uint32_t y = 0; y < source.height; y += rows_at_once) {
    const std::uint32_t rows = std::min(rows_at_once, source.height - y);
    const ssize_t count = read_at(file, strip.data(), rows * row_size, offset);
    if (count < 0) return errno;
    if (static_cast<std::size_t>(count) < rows * row_size) return truncated;  // it has become shorter
    offset += rows * row_size;
    for (std::uint32_t row = 0; row < rows; ++row) {
      std::uint8_t* const bytes = strip.data() + row * row_size;
      if (converter.is_needed()) converter.convert(bytes, std::size_t{3} * source.width, bytes);
      take(bytes);
    }
  }
  return 0;
}

}  // namespace

int read_ppm(int file, std::uint64_t size, wanted_size wanted, pixels& made) {
  char begin[kMostHead];
  const ssize_t begun = read_at(file, begin, sizeof begin, 0);
  if (begun < 0) return errno;
  head source;
  if (const int failed = read_head({begin, static_cast<std::size_t>(begun)}, source)) return failed;
  if (size < source.size + std::uint64_t{source.row_size()} * source.height) return truncated;

  const wanted_size result = result_size(source, wanted);
  if (result.width > kMostSide || result.height > kMostSide) return result_too_large;
  made = pixels::make(result.width, result.height);
  if (!made) return busy;

  if (result.width != source.width || result.height != source.height) {
    scaler scales(source.width, source.height, made);
    return read_rows(file, source, [&](const std::uint8_t* row) { scales.add_row(row); });
  }
  if (source.most != 255) {
    std::uint32_t y = 0;
    return read_rows(file, source, [&](const std::uint8_t* row) { std::copy_n(row, made.row_size(), made.row(y++)); });
  }
  // As it stands in the file.
  const ssize_t count = read_at(file, made.row(0), made.size(), source.size);
  if (count < 0) return errno;
  return static_cast<std::size_t>(count) == made.size() ? 0 : truncated;
}

}  // namespace photo
