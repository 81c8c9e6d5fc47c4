// The records of FastCGI 1.0, as a web server writes and reads them. Opens no socket and knows nothing of HTTP or PHP.
#ifndef WEB_SERVER_FASTCGI_HPP
#define WEB_SERVER_FASTCGI_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace web::fastcgi {

// There is one request at a time on a connection, and this is its number.
inline constexpr std::uint16_t kRequest = 1;
// Bytes that one record can carry.
inline constexpr std::size_t kMostInRecord = 65535;

// Appends the record that begins a request to a responder, on a connection that is to be kept afterwards.
void append_begin(std::string& records);

// Appends one variable as it stands inside of the records of append_variables.
void append_variable(std::string& variables, std::string_view name, std::string_view value);

// Appends all variables, as many records as they take, and the empty one behind them.
void append_variables(std::string& records, std::string_view variables);

// Appends a part of the request's body. REQUIRES: it is not empty.
void append_input(std::string& records, std::string_view body);

// Appends the empty record that says that the body is whole.
void append_input_end(std::string& records);

// Cuts what a responder sends into what it says of one request, however it arrives. Keeps nothing but where it is: at most a record's head.
class reader {
 public:
  enum class event : std::uint8_t {
    more,     // all was read
    output,   // `text`: of stdout
    error,    // `text`: of stderr
    end,      // the request has ended, see outcome()
    garbage,  // what came is not FastCGI, or not about this request; nothing more can be read
  };

  // How a responder ends a request.
  enum class outcome : std::uint8_t { complete, no_multiplexing, overloaded, unknown_role, unknown };

  // Reads from the front of `bytes` and removes what it has read, up to the next event. Of a record that comes in parts, each part is one.
  [[nodiscard]] event next(std::string_view& bytes, std::string_view& text) noexcept;

  // True once the end, and all that belongs to it, has come: the connection can carry another request.
  [[nodiscard]] bool is_between_requests() const noexcept { return ended_ && head_size_ == 0 && content_ == 0 && padding_ == 0; }

  [[nodiscard]] outcome how_it_ended() const noexcept { return outcome_; }

 private:
  // Returns garbage where a record with this head cannot be.
  [[nodiscard]] event begin_record() noexcept;

  std::uint8_t head_[8] = {};
  std::uint8_t head_size_ = 0;
  std::uint8_t end_[8] = {};
  std::uint8_t end_size_ = 0;
  std::uint8_t type_ = 0;
  std::uint16_t content_ = 0;  // bytes of the record still to come
  std::uint8_t padding_ = 0;   // and behind them
  bool ended_ = false;
  outcome outcome_ = outcome::unknown;
};

}  // namespace web::fastcgi

#endif
