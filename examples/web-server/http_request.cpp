// Reading HTTP/1.1 requests: llhttp does the grammar, this file what RFC 9112 leaves to the server.
#include "http_request.hpp"

#include <utility>

namespace web {

// llhttp calls these as it reads; `parser->data` is the conversation. A non-zero answer stops it.
struct conversation::callbacks {
  static conversation& of(llhttp_t* parser) { return *static_cast<conversation*>(parser->data); }

  static int stop(conversation& self, int status) {
    self.status_ = status;
    return HPE_USER;
  }

  static int on_url(llhttp_t* parser, const char* at, std::size_t length) {
    conversation& self = of(parser);
    std::string& target = self.message_->target;
    if (target.size() + length > kMaxTarget) return stop(self, 414);
    target.append(at, length);
    return 0;
  }

  static int on_header_field(llhttp_t* parser, const char* at, std::size_t length) {
    conversation& self = of(parser);
    self.header_bytes_ += length;
    if (self.header_bytes_ > kMaxHeaders) return stop(self, 431);
    for (std::size_t i = 0; i < length && self.field_length_ < sizeof self.field_; ++i) {
      self.field_[self.field_length_++] = static_cast<char>(at[i] | 0x20);
    }
    return 0;
  }

  static int on_header_field_complete(llhttp_t* parser) {
    conversation& self = of(parser);
    if (std::string_view(self.field_, self.field_length_) == "host" && ++self.hosts_ > 1) return stop(self, 400);
    self.field_length_ = 0;
    return 0;
  }

  static int on_header_value(llhttp_t* parser, const char*, std::size_t length) {
    conversation& self = of(parser);
    self.header_bytes_ += length;
    return self.header_bytes_ > kMaxHeaders ? stop(self, 431) : 0;
  }

  static int on_headers_complete(llhttp_t* parser) {
    conversation& self = of(parser);
    if (parser->http_major != 1) return stop(self, 505);
    if (parser->http_minor > 0 && self.hosts_ != 1) return stop(self, 400);
    self.message_->method = parser->method;
    self.message_->http_1_0 = parser->http_minor == 0;
    const bool served = parser->method == HTTP_GET || parser->method == HTTP_HEAD;
    const bool body = (parser->flags & (F_CHUNKED | F_TRANSFER_ENCODING)) != 0 || parser->content_length > 0;
    if (parser->method == HTTP_CONNECT || (!served && body)) {
      self.unread_body_ = true;
      return HPE_USER;
    }
    if (parser->content_length > kMaxBody && (parser->flags & F_CONTENT_LENGTH) != 0) return stop(self, 413);
    parser->upgrade = 0;  // this server speaks nothing else, so an Upgrade is ignored (RFC 9110, 7.8)
    return 0;
  }

  static int on_body(llhttp_t* parser, const char*, std::size_t length) {
    conversation& self = of(parser);
    self.body_bytes_ += length;
    return self.body_bytes_ > kMaxBody ? stop(self, 413) : 0;
  }

  static int on_message_complete(llhttp_t* parser) {
    conversation& self = of(parser);
    self.complete_ = true;
    self.message_->keep_alive = llhttp_should_keep_alive(parser) != 0;
    return HPE_PAUSED;
  }

  static llhttp_settings_t settings() {
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_header_field = on_header_field;
    settings.on_header_field_complete = on_header_field_complete;
    settings.on_header_value = on_header_value;
    settings.on_headers_complete = on_headers_complete;
    settings.on_body = on_body;
    settings.on_message_complete = on_message_complete;
    return settings;
  }
};

void conversation::begin() noexcept {
  static const llhttp_settings_t settings = callbacks::settings();
  llhttp_init(&parser_, HTTP_REQUEST, &settings);
  parser_.data = this;
  header_bytes_ = 0;
  body_bytes_ = 0;
  status_ = 0;
  hosts_ = 0;
  field_length_ = 0;
  complete_ = false;
  unread_body_ = false;
}

void conversation::clear() noexcept {
  message_.reset();
  kept_.clear();
  begun_ = false;
  begin();
}

conversation::progress conversation::refuse(int status) noexcept {
  status_ = status;
  kept_.clear();
  return progress::refused;
}

conversation::progress conversation::feed(std::string_view bytes) {
  if (!begun_) {
    // An empty line before a request line is no request (RFC 9112, 2.2).
    while (!bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n')) bytes.remove_prefix(1);
    if (bytes.empty()) return progress::more;
    begin();
    begun_ = true;
    message_ = request::make();
  }
  const llhttp_errno_t answer = llhttp_execute(&parser_, bytes.data(), bytes.size());
  if (complete_) {
    const char* end = llhttp_get_error_pos(&parser_);
    const std::size_t used = end == nullptr ? bytes.size() : static_cast<std::size_t>(end - bytes.data());
    begun_ = false;
    kept_.assign(bytes.substr(used));
    return progress::complete;
  }
  if (unread_body_) {
    message_->keep_alive = false;
    begun_ = false;
    return progress::complete;
  }
  if (answer == HPE_OK) return progress::more;
  if (status_ != 0) return refuse(status_);
  return refuse(answer == HPE_INVALID_VERSION ? 505 : 400);
}

conversation::progress conversation::resume() {
  const std::string bytes = std::exchange(kept_, {});
  return feed(bytes);
}

request conversation::take_request() noexcept { return std::move(message_); }

}  // namespace web
