// Requests for images, and replies to them.
#include "image_request.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <utility>

#include "../web-server/file_tree.hpp"
#include "../web-server/http_date.hpp"

namespace photo {
namespace {

constexpr std::string_view kAsked = ".jpg";
constexpr std::string_view kStored = ".ppm";

// A whole number from 1 to `most`; 0 for what is none.
std::uint32_t number(std::string_view text, std::uint32_t most) noexcept {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value <= most ? value : 0;
}

// `?width=320&height=240&quality=80`, in any order, each at most once. False for anything else.
bool read_query(std::string_view query, order& asked) noexcept {
  std::uint32_t quality = 0;
  struct field {
    std::string_view name;
    std::uint32_t most;
    std::uint32_t& value;
  };
  const std::array fields{field{"width", kMostSide, asked.size.width}, field{"height", kMostSide, asked.size.height}, field{"quality", 100, quality}};
  if (!query.empty()) query.remove_prefix(1);
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return false;
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const field& each) { return each.name == part.substr(0, equals); });
    if (known == fields.end() || known->value != 0) return false;
    known->value = number(part.substr(equals + 1), known->most);
    if (known->value == 0) return false;
  }
  if (quality != 0) asked.quality = static_cast<int>(quality);
  return true;
}

void append_hex(std::string& text, std::uint64_t number) {
  std::array<char, 16> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16);
  text.append(digits.data(), end);
}

void append_line(std::string& text, std::string_view name, std::uint64_t value) {
  text += name;
  text += ' ';
  web::append_number(text, value);
  text += '\n';
}

// A page that is made anew for every request.
web::page status_page(const image_counts& counts) {
  web::page made = web::page::make();
  std::string text;
  append_line(text, "hits", counts.hits);
  append_line(text, "joined", counts.joined);
  append_line(text, "begun", counts.begun);
  append_line(text, "made", counts.made);
  append_line(text, "failed", counts.failed);
  append_line(text, "evicted", counts.evicted);
  append_line(text, "outdated", counts.outdated);
  append_line(text, "images", counts.images);
  append_line(text, "in_use", counts.in_use);
  append_line(text, "bytes", counts.bytes);
  made->type = "Content-Type: text/plain; charset=utf-8\r\n";
  made->about = "Cache-Control: no-store\r\n";
  made->size = static_cast<off_t>(text.size());
  web::write_head(*made.operator->());
  made->whole += text;
  return made;
}

struct explanation {
  int status;
  std::string_view says;
};

explanation explain(int error) noexcept {
  switch (error) {
    case not_a_picture: return {500, "the file is no PPM of the kind P6"};
    case truncated: return {500, "the file ends before the picture does"};
    case too_large: return {500, "the picture has more pixels than this server reads"};
    case result_too_large: return {400, "the image would be more than 4096 pixels wide or high: ask for another size"};
    case wrong_size: return {400, "width and height are numbers from 1 to 4096, quality one from 1 to 100, and nothing else is asked for"};
    case busy: return {503, "too many images are being made"};
    // EXDEV: it would have left the root.
    case ENOENT:
    case ENOTDIR:
    case EACCES:
    case EPERM:
    case ELOOP:
    case ENAMETOOLONG:
    case ENXIO:
    case EXDEV: return {404, {}};
    case ETIMEDOUT: return {503, "it took too long"};
    case EMFILE:
    case ENFILE:
    case ENOMEM: return {503, {}};
    default: return {error >= 400 && error <= 599 ? error : 500, {}};
  }
}

}  // namespace

int read_order(order& asked) {
  const web::request_head& head = asked.http->head;
  if (head.method == web::method::unknown) return 501;
  if (head.method != web::method::get && head.method != web::method::head) return 405;
  if (head.framing != web::framing::none) return 413;
  if (head.path == "/status") {
    asked.asks_status = true;
    return 0;
  }
  if (const int refused = web::decode_path(head.path, asked.path); refused != 0) return refused;
  if (!asked.path.ends_with(kAsked) || !web::is_canonical(asked.path)) return 404;
  asked.path.replace(asked.path.size() - kAsked.size(), kAsked.size(), kStored);
  if (!read_query(head.query, asked)) return wrong_size;
  asked.name = asked.path;
  for (const auto& [mark, part] : {std::pair{'?', asked.size.width}, std::pair{'x', asked.size.height}, std::pair{'q', static_cast<std::uint32_t>(asked.quality)}}) {
    asked.name += mark;
    web::append_number(asked.name, part);
  }
  return 0;
}

web::page make_page(const order& asked, const pixels& picture, int& failed) {
  std::string jpeg;
  failed = append_jpeg(picture, asked.quality, jpeg);
  if (failed != 0) return {};
  web::page made = web::page::make();
  made->state = picture.source;
  made->size = static_cast<off_t>(jpeg.size());
  // A file from the future is as old as its reply (RFC 9110, 8.8.2.1).
  made->modified = std::min<std::time_t>(picture.source.modified / 1'000'000'000, web::now());
  made->etag = '"';
  append_hex(made->etag, static_cast<std::uint64_t>(picture.source.modified));
  for (const std::uint64_t part : {static_cast<std::uint64_t>(picture.source.size), std::uint64_t{picture.width()}, std::uint64_t{picture.height()}, static_cast<std::uint64_t>(asked.quality)}) {
    made->etag += '-';
    append_hex(made->etag, part);
  }
  made->etag += '"';
  made->type = "Content-Type: image/jpeg\r\n";
  made->about = "Last-Modified: ";
  web::append_date(made->about, made->modified);
  made->about += "\r\nETag: " + made->etag + "\r\nAccept-Ranges: bytes\r\n";
  web::write_head(*made.operator->());
  made->whole += jpeg;
  return made;
}

web::reply answer(const order& asked, web::connection connection) {
  if (asked.error != 0) return refusal(asked.error, asked.http->head.method == web::method::head);
  const web::page page = asked.asks_status ? status_page(asked.counts) : asked.image->page;
  return web::page_reply(page, asked.http->head, connection, web::milliseconds());
}

web::reply refusal(int error, bool head) {
  const auto [status, says] = explain(error);
  std::string further;
  if (!says.empty()) further.append("X-Reason: ").append(says).append("\r\n");
  if (status == 405) further += "Allow: GET, HEAD\r\n";
  if (status == 503) further += "Retry-After: 1\r\n";
  return web::status_reply(status, {.close = true}, further, !head);
}

}  // namespace photo
