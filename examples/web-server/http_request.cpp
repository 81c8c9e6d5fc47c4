// Reading HTTP/1.1 requests: llhttp does the grammar, this file what RFC 9112 leaves to the server.
#include "http_request.hpp"

#include <utility>

namespace web {
namespace {

// RFC 3986, 3.2.2 and 3.2.3: what a host and a port are made of.
bool is_of_host(char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         std::string_view("-._~%!$&'()*+,;=:[]").find(byte) != std::string_view::npos;
}

}  // namespace

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
    const std::string_view name(self.field_, self.field_length_);
    self.field_length_ = 0;
    self.in_host_ = name == "host";
    self.expects_ |= name == "expect";
    if (name.empty() || (self.in_host_ && ++self.hosts_ > 1)) return stop(self, 400);
    return 0;
  }

  static int on_header_value(llhttp_t* parser, const char* at, std::size_t length) {
    conversation& self = of(parser);
    self.header_bytes_ += length;
    if (self.header_bytes_ > kMaxHeaders) return stop(self, 431);
    if (!self.in_host_) return 0;
    for (const char byte : std::string_view(at, length)) {
      if (byte == ' ' || byte == '\t') {
        self.host_ended_ = true;
      } else if (self.host_ended_ || !is_of_host(byte)) {
        return stop(self, 400);
      }
    }
    return 0;
  }

  static int on_headers_complete(llhttp_t* parser) {
    conversation& self = of(parser);
    if (parser->http_major != 1) return stop(self, 505);
    const bool http_1_0 = parser->http_minor == 0;
    if (!http_1_0 && self.hosts_ != 1) return stop(self, 400);
    const bool encoded = (parser->flags & (F_CHUNKED | F_TRANSFER_ENCODING)) != 0;
    if (http_1_0 && encoded) return stop(self, 400);  // who forwarded it may have seen another end (RFC 9112, 6.1)
    self.message_->method = parser->method;
    self.message_->http_1_0 = http_1_0;
    self.in_body_ = true;
    const bool served = parser->method == HTTP_GET || parser->method == HTTP_HEAD;
    const bool body = encoded || parser->content_length > 0;
    // A client that expects to be told whether to send its body is told by the answer (RFC 9110, 10.1.1).
    const bool waits = self.expects_ && !http_1_0;
    if (parser->method == HTTP_CONNECT || (body && (!served || waits))) {
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
  in_host_ = false;
  host_ended_ = false;
  expects_ = false;
  in_body_ = false;
  complete_ = false;
  unread_body_ = false;
}

void conversation::clear() noexcept {
  message_.reset();
  kept_.clear();
  kept_from_ = 0;
  head_bytes_ = 0;
  framed_bytes_ = 0;
  begun_ = false;
  begin();
}

conversation::progress conversation::refuse(int status) noexcept {
  status_ = status;
  kept_.clear();
  kept_from_ = 0;
  return progress::refused;
}

conversation::progress conversation::feed(std::string_view bytes) {
  std::size_t used = 0;
  const progress made = read(bytes, used);
  if (made == progress::complete) {
    kept_.assign(bytes.substr(used));
    kept_from_ = 0;
  }
  return made;
}

conversation::progress conversation::resume() {
  std::size_t used = 0;
  const progress made = read(std::string_view(kept_).substr(kept_from_), used);
  kept_from_ += used;
  return made;
}

conversation::progress conversation::read(std::string_view bytes, std::size_t& used) {
  if (!begun_) {
    // An empty line before a request line is no request (RFC 9112, 2.2).
    while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
    head_bytes_ += used;
    if (head_bytes_ > kMaxHead) return refuse(400);
    bytes.remove_prefix(used);
    if (bytes.empty()) return progress::more;
    begin();
    begun_ = true;
    message_ = request::make();
  }
  const llhttp_errno_t answer = llhttp_execute(&parser_, bytes.data(), bytes.size());
  if (complete_ || unread_body_) {
    const char* end = complete_ ? llhttp_get_error_pos(&parser_) : nullptr;
    used += end == nullptr ? bytes.size() : static_cast<std::size_t>(end - bytes.data());
    if (unread_body_) message_->keep_alive = false;
    begun_ = false;
    head_bytes_ = 0;
    framed_bytes_ = 0;
    return progress::complete;
  }
  used += bytes.size();
  if (status_ != 0) return refuse(status_);
  if (answer != HPE_OK) return refuse(answer == HPE_INVALID_VERSION ? 505 : 400);
  (in_body_ ? framed_bytes_ : head_bytes_) += bytes.size();
  if (head_bytes_ > kMaxHead) return refuse(431);
  if (framed_bytes_ > kMaxFramedBody) return refuse(413);
  return progress::more;
}

request conversation::take_request() noexcept { return std::move(message_); }

}  // namespace web
