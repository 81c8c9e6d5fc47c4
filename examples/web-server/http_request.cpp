// Cuts what a client sends into heads and bodies, however it arrives, in time linear in its length.
#include "http_request.hpp"

#include <cstring>
#include <flux/again.hpp>

namespace web {
namespace {

// Bytes of a first line with its end. A target may have kMaxTarget of them.
constexpr std::size_t kMaxLine = kMaxTarget + 65;

// What a head is refused with if `otherwise` is what refuses what has come of it, or 0 if nothing has yet. The first line was there before
// the rest, and is judged before it: how the bytes were cut up on their way decides nothing.
int first_refusal(std::string_view bytes, int otherwise) noexcept {
  const std::string_view begin = bytes.substr(0, kMaxLine);
  const std::size_t line_end = begin.find('\n');
  if (line_end == std::string_view::npos) {
    if (bytes.size() < kMaxLine) return otherwise;
    // It is the target that is too long, or nothing that this server knows.
    const std::size_t space = begin.find(' ');
    return space != std::string_view::npos && is_token(begin.substr(0, space)) ? 414 : 400;
  }
  if (line_end == 0 || begin[line_end - 1] != '\r') return 400;
  const int refused = check_line(begin.substr(0, line_end + 1));
  return refused != 0 ? refused : otherwise;
}

}  // namespace

void conversation::use(std::size_t length) noexcept {
  from_ += length;
  scanned_ = 0;
  if (from_ == bytes_.size()) {
    bytes_.clear();
    from_ = 0;
  }
}

void conversation::clear() noexcept {
  bytes_.clear();
  // One long head must not cost memory for ever.
  if (bytes_.capacity() > kMaxHead) std::string().swap(bytes_);
  from_ = 0;
  scanned_ = 0;
  empty_lines_ = 0;
  line_checked_ = false;
  body_ = {};
  unread_body_ = false;
}

bool conversation::drop_empty_lines() noexcept {
  const std::string_view bytes = arrived();
  std::size_t empty = 0;
  while (empty < bytes.size() && (bytes[empty] == '\r' || bytes[empty] == '\n')) ++empty;
  if (empty > 0) use(empty);
  empty_lines_ += empty;
  return has_bytes() || empty_lines_ > kMaxHead;
}

int conversation::next_head(web::request& made) {
  if (empty_lines_ > kMaxHead) return 400;
  if (takes_all(made)) return begin(*made);
  const std::string_view bytes = arrived();
  // What is no method is no request, however much of it comes (a client of TLS waits for an answer).
  if (scanned_ == 0 && !bytes.empty() && !is_token_byte(bytes.front())) return 400;
  while (scanned_ < bytes.size()) {
    const void* const found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    if (found == nullptr) {
      scanned_ = bytes.size();
      break;
    }
    const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    scanned_ = line_end + 1;
    if (scanned_ > kMaxHead) return first_refusal(bytes, 431);
    if (bytes[line_end - 1] != '\r') return first_refusal(bytes, 400);
    if (line_end < 3 || bytes[line_end - 2] != '\n') continue;

    made = request::make();
    made->is_read = false;
    made->bytes.assign(bytes.substr(0, scanned_));
    use(scanned_);
    return take_head(*made);
  }
  return wait_for_more(bytes);
}

int conversation::wait_for_more(std::string_view bytes) noexcept {
  if (bytes.size() > kMaxHead) return first_refusal(bytes, 431);
  if (line_checked_) return flux::again;
  // What is wrong with the first line is said before the others come: a client of HTTP/0.9 sends none.
  const int refused = first_refusal(bytes, 0);
  line_checked_ = bytes.find('\n') != std::string_view::npos;
  return refused != 0 ? refused : flux::again;
}

bool conversation::takes_all(web::request& made) {
  const std::size_t size = bytes_.size();
  if (from_ != 0 || scanned_ != 0 || size < 4 || size > kMaxHead || std::memcmp(bytes_.data() + size - 4, "\r\n\r\n", 4) != 0) return false;
  made = request::make();
  message& message = *made;
  if (!message.is_read || message.bytes != bytes_) {
    message.is_read = false;
    message.bytes.swap(bytes_);
    std::size_t length = 0;
    if (parse_head(message.bytes, message.head, length) != 0 || length != size || message.head.line.size() + 2 > kMaxLine) {
      message.bytes.swap(bytes_);
      return false;
    }
  }
  bytes_.clear();
  return true;
}

int conversation::take_head(message& message) {
  std::size_t length = 0;
  int refused = parse_head(message.bytes, message.head, length);
  if (refused != 0 || message.head.line.size() + 2 > kMaxLine) refused = first_refusal(message.bytes, refused);
  return refused == 0 ? begin(message) : refuse(message, refused);
}

int conversation::begin(message& message) {
  if (message.head.content_length > kMaxBody) return refuse(message, 413);
  if (message.head.framing != framing::none) body_.begin(message.head);
  body_of_head_ = message.head.method == method::head;
  empty_lines_ = 0;
  line_checked_ = false;
  message.is_read = true;
  return 0;
}

// It is kept for whoever says what was refused; what came behind it is not read any more.
int conversation::refuse(message& message, int status) noexcept {
  message.is_read = false;
  bytes_.swap(message.bytes);
  from_ = 0;
  return status;
}

int conversation::next_body() noexcept {
  if (unread_body_) return 0;
  std::string_view rest = arrived();
  const std::size_t before = rest.size();
  const int refused = body_.read(rest);
  use(before - rest.size());
  if (refused != 0) return refused;
  return body_.ended() ? 0 : flux::again;
}

int conversation::next_body(std::string& data, std::size_t most) {
  if (unread_body_) return 0;
  std::string_view rest = arrived().substr(0, most);
  const std::size_t before = rest.size();
  const int refused = body_.read(rest, data);
  use(before - rest.size());
  if (refused != 0) return refused;
  return body_.ended() ? 0 : flux::again;
}

std::string_view conversation::first_line() const noexcept {
  const std::string_view bytes = arrived();
  return bytes.substr(0, bytes.find_first_of("\r\n"));
}

}  // namespace web
