// The body of a request: where it ends, and what is in it for those who ask: no method that a file allows gives it a meaning.
#ifndef WEB_SERVER_HTTP_BODY_HPP
#define WEB_SERVER_HTTP_BODY_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "http_head.hpp"

namespace web {

// Bytes of a body, and of one in chunks with all that frames them: a client that sends as fast as it is read must come to an end as well.
inline constexpr std::uint64_t kMaxBody = 1024 * 1024;
inline constexpr std::uint64_t kMaxFramedBody = 2 * kMaxBody;

// Finds the end of one body (RFC 9112, 6.2 and 7.1).
class body_reader {
 public:
  // REQUIRES: framing is not `none`; content_length <= kMaxBody.
  void begin(const request_head& head) noexcept;

  // Reads from the front of `bytes` and removes what it has read. Returns 0 while the body goes on and when it has ended, else the status
  // that refuses it.
  [[nodiscard]] int read(std::string_view& bytes) noexcept;

  // The same, and appends to `data` what is in it. Throws std::bad_alloc.
  [[nodiscard]] int read(std::string_view& bytes, std::string& data);

  [[nodiscard]] bool ended() const noexcept { return state_ == state::end; }

 private:
  // What comes next.
  enum class state : std::uint8_t {
    size_begin,       // the first digit of a chunk's size
    size,             // a further one, or what may stand behind it
    size_space,       // white space behind the size: an extension must follow
    extension,        // its bytes
    size_end,         // LF behind the size
    data,             // left_ bytes
    data_end,         // CR behind a chunk
    data_line_end,    // LF behind that
    trailer_begin,    // a trailer's name, or the empty line
    trailer_name,
    trailer_value,
    trailer_end,      // LF behind a trailer
    last_end,         // LF of the empty line
    end
  };

  template <typename Keep>
  int read_and(std::string_view& bytes, Keep keep);
  // False if `byte` cannot stand here.
  bool take(char byte) noexcept;

  state state_ = state::end;
  bool chunked_ = false;
  std::uint64_t left_ = 0;    // bytes of data to come; while a size is read, the size
  std::uint64_t framed_ = 0;  // bytes read of a body in chunks
};

}  // namespace web

#endif
