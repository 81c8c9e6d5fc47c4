// FastCGI 1.0: eight bytes of head, then content, then padding.
#include "fastcgi.hpp"

#include <algorithm>

namespace web::fastcgi {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kBegin = 1;
constexpr std::uint8_t kEnd = 3;
constexpr std::uint8_t kVariables = 4;
constexpr std::uint8_t kInput = 5;
constexpr std::uint8_t kOutput = 6;
constexpr std::uint8_t kError = 7;

constexpr char kResponder = 1;
constexpr char kKeepConnection = 1;

void append_16(std::string& bytes, std::size_t number) {
  bytes += static_cast<char>(number >> 8 & 0xff);
  bytes += static_cast<char>(number & 0xff);
}

void append_record_head(std::string& records, std::uint8_t type, std::size_t content) {
  records += static_cast<char>(kVersion);
  records += static_cast<char>(type);
  append_16(records, kRequest);
  append_16(records, content);
  append_16(records, 0);  // padding, and a reserved byte
}

void append_stream(std::string& records, std::uint8_t type, std::string_view content) {
  while (!content.empty()) {
    const std::string_view part = content.substr(0, kMostInRecord);
    append_record_head(records, type, part.size());
    records += part;
    content.remove_prefix(part.size());
  }
}

// One byte below 128, else four with the highest bit set.
void append_length(std::string& bytes, std::size_t length) {
  if (length >= 128) {
    bytes += static_cast<char>(0x80 | (length >> 24 & 0x7f));
    bytes += static_cast<char>(length >> 16 & 0xff);
    bytes += static_cast<char>(length >> 8 & 0xff);
  }
  bytes += static_cast<char>(length & 0xff);
}

reader::outcome outcome_of(std::uint8_t status) noexcept {
  switch (status) {
    case 0: return reader::outcome::complete;
    case 1: return reader::outcome::no_multiplexing;
    case 2: return reader::outcome::overloaded;
    case 3: return reader::outcome::unknown_role;
    default: return reader::outcome::unknown;
  }
}

}  // namespace

void append_begin(std::string& records) {
  append_record_head(records, kBegin, 8);
  append_16(records, kResponder);
  records += kKeepConnection;
  records.append(5, '\0');
}

void append_variable(std::string& variables, std::string_view name, std::string_view value) {
  append_length(variables, name.size());
  append_length(variables, value.size());
  variables += name;
  variables += value;
}

void append_variables(std::string& records, std::string_view variables) {
  append_stream(records, kVariables, variables);
  append_record_head(records, kVariables, 0);
}

void append_input(std::string& records, std::string_view body) { append_stream(records, kInput, body); }

void append_input_end(std::string& records) { append_record_head(records, kInput, 0); }

reader::event reader::begin_record() noexcept {
  const auto number = static_cast<std::uint16_t>(head_[2] << 8 | head_[3]);
  type_ = head_[1];
  content_ = static_cast<std::uint16_t>(head_[4] << 8 | head_[5]);
  padding_ = head_[6];
  // Records about the connection (number 0) answer questions, and none was asked.
  if (head_[0] != kVersion || number != kRequest || ended_) return event::garbage;
  if (type_ == kEnd) return content_ == sizeof end_ ? event::more : event::garbage;
  return type_ == kOutput || type_ == kError ? event::more : event::garbage;
}

reader::event reader::next(std::string_view& bytes, std::string_view& text) noexcept {
  while (!bytes.empty()) {
    if (head_size_ < sizeof head_) {
      head_[head_size_++] = static_cast<std::uint8_t>(bytes.front());
      bytes.remove_prefix(1);
      if (head_size_ < sizeof head_) continue;
      if (begin_record() == event::garbage) return event::garbage;
    } else if (content_ > 0) {
      const std::string_view part = bytes.substr(0, content_);
      bytes.remove_prefix(part.size());
      content_ = static_cast<std::uint16_t>(content_ - part.size());
      if (content_ == 0 && padding_ == 0) head_size_ = 0;
      if (type_ != kEnd) {
        text = part;
        return type_ == kOutput ? event::output : event::error;
      }
      for (const char byte : part) end_[end_size_++] = static_cast<std::uint8_t>(byte);
      if (content_ > 0) continue;
      // Its padding may still have to come. Who has waited for the end need not wait for that.
      ended_ = true;
      outcome_ = outcome_of(end_[4]);
      return event::end;
    } else {
      const std::size_t part = std::min<std::size_t>(padding_, bytes.size());
      bytes.remove_prefix(part);
      padding_ = static_cast<std::uint8_t>(padding_ - part);
    }
    if (content_ == 0 && padding_ == 0) head_size_ = 0;
  }
  return event::more;
}

}  // namespace web::fastcgi
