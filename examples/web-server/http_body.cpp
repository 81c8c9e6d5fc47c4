// Bodies: by length, or in chunks, one byte after the other but for the data.
#include "http_body.hpp"

#include <algorithm>

namespace web {
namespace {

int digit_of(char byte) noexcept {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const char lower = static_cast<char>(byte | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void body_reader::begin(const request_head& head) noexcept {
  chunked_ = head.framing == framing::chunked;
  state_ = chunked_ ? state::size_begin : state::data;
  left_ = chunked_ ? 0 : head.content_length;
  framed_ = 0;
}

int body_reader::read(std::string_view& bytes) noexcept {
  return read_and(bytes, [](std::string_view) {});
}

int body_reader::read(std::string_view& bytes, std::string& data) {
  return read_and(bytes, [&data](std::string_view part) { data += part; });
}

template <typename Keep>
int body_reader::read_and(std::string_view& bytes, Keep keep) {
  while (!bytes.empty() && state_ != state::end) {
    if (state_ == state::data) {
      const std::uint64_t read = std::min<std::uint64_t>(left_, bytes.size());
      keep(bytes.substr(0, static_cast<std::size_t>(read)));
      bytes.remove_prefix(static_cast<std::size_t>(read));
      framed_ += read;
      left_ -= read;
      if (left_ == 0) state_ = chunked_ ? state::data_end : state::end;
    } else {
      if (!take(bytes.front())) return 400;
      bytes.remove_prefix(1);
      ++framed_;
      // A size that nobody could mean is no size; one that is only too large is.
      if (left_ > kMaxBody && state_ != state::size) return 413;
    }
    if (framed_ > kMaxFramedBody) return 413;
  }
  return 0;
}

bool body_reader::take(char byte) noexcept {
  switch (state_) {
    case state::size_begin:
      if (digit_of(byte) < 0) return false;
      left_ = static_cast<std::uint64_t>(digit_of(byte));
      state_ = state::size;
      return true;
    case state::size:
      if (digit_of(byte) >= 0) {
        if (left_ >> 60 != 0) return false;
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit_of(byte));
        return true;
      }
      state_ = byte == '\r' ? state::size_end : byte == ';' ? state::extension : state::size_space;
      return byte == '\r' || byte == ';' || byte == ' ' || byte == '\t';
    case state::size_space:
      if (byte == ';') state_ = state::extension;
      return byte == ';' || byte == ' ' || byte == '\t';
    case state::extension:
      if (byte == '\r') state_ = state::size_end;
      return byte == '\r' || is_value_byte(byte);
    case state::size_end:
      state_ = left_ == 0 ? state::trailer_begin : state::data;
      return byte == '\n';
    case state::data_end:
      state_ = state::data_line_end;
      return byte == '\r';
    case state::data_line_end:
      state_ = state::size_begin;
      return byte == '\n';
    case state::trailer_begin:
      state_ = byte == '\r' ? state::last_end : state::trailer_name;
      return byte == '\r' || is_token_byte(byte);
    case state::trailer_name:
      if (byte == ':') state_ = state::trailer_value;
      return byte == ':' || is_token_byte(byte);
    case state::trailer_value:
      if (byte == '\r') state_ = state::trailer_end;
      return byte == '\r' || is_value_byte(byte);
    case state::trailer_end:
      state_ = state::trailer_begin;
      return byte == '\n';
    case state::last_end:
      state_ = state::end;
      return byte == '\n';
    case state::data:
    case state::end: return false;
  }
  return false;
}

}  // namespace web
