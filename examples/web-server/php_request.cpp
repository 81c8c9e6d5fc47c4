// The nodes of web-server.flux that find a script and gather what it is to be told.
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "answering.hpp"
#include "cgi_variables.hpp"
#include "php.hpp"
#include "receive.hpp"
#include "web_server.h"

namespace web {

php_backends backends;
std::string script_root;

void open_php(const char* address, const char* root) {
  backends.set_address(address);
  const std::unique_ptr<char, decltype(&::free)> real(::realpath(root, nullptr), &::free);
  if (!real) throw std::system_error(errno, std::generic_category(), std::string("cannot serve ") + root);
  script_root = real.get();
  runs_php = true;
}

namespace {

// Bytes of a body that are read before PHP is asked.
constexpr std::size_t kGathered = 64 * 1024;
// And of all bodies that are gathered at once.
constexpr std::size_t kMostGathered = 64 * 1024 * 1024;

constexpr std::string_view kEnding = ".php";

// The end of the first name that ends in `.php`, from `from` on; npos where there is none.
std::size_t script_end(std::string_view path, std::size_t from) noexcept {
  for (std::size_t at = path.find(kEnding, from); at != std::string_view::npos; at = path.find(kEnding, at + 1)) {
    const std::size_t end = at + kEnding.size();
    if (end == path.size() || path[end] == '/') return end;
  }
  return std::string_view::npos;
}

std::string_view method_of(const request_head& head) noexcept { return head.line.substr(0, head.line.find(' ')); }

// Where the kernel says that an open file is; empty where it is not under the root, or nowhere any more.
std::string real_name(int file) {
  char name[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = ::readlink(link.c_str(), name, sizeof name);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof name)) return {};
  std::string found(name, static_cast<std::size_t>(length));
  const std::string_view folder = script_root == "/" ? std::string_view() : std::string_view(script_root);
  const bool inside = found.size() > folder.size() && found.starts_with(folder) && found[folder.size()] == '/';
  return inside ? found : std::string();
}

// 0, and what `exchange` must know of it, or a status. A folder may be called `x.php` too: then a name behind it may be a script.
int find_script(const std::string& path, php_exchange& exchange) {
  for (std::size_t end = script_end(path, 0); end != std::string::npos; end = script_end(path, end)) {
    struct stat status{};
    std::errc reason{};
    const flux::socket file(files.open(path.substr(0, end), status, reason));
    if (!file) return status_of(reason);
    if (!S_ISREG(status.st_mode)) continue;
    exchange.file = real_name(file.fd());
    if (exchange.file.empty()) return 404;
    exchange.name = path.substr(0, end);
    exchange.info = path.substr(end);
    return 0;
  }
  return 404;
}

}  // namespace

bool names_script(const message& message) noexcept {
  const request_head& head = message.head;
  if (head.expect == expectation::other || head.method == method::unknown) return false;
  if (head.method == method::refused && (method_of(head) == "CONNECT" || method_of(head) == "TRACE")) return false;
  // With an escape it has to be decoded, and that is done where it may fail: what could become a script is none of the cache's.
  if (head.path_is_plain || head.path.find('%') == std::string_view::npos) return script_end(head.path, 0) != std::string_view::npos;
  std::string decoded;
  return decode_path(head.path, decoded) == 0 && script_end(decoded, 0) != std::string::npos;
}

}  // namespace web

int FindScript(web::client& client, web::input& input, web::request& request, web::reply& reply) {
  const web::request_head& head = request->head;
  auto exchange = web::recycled<web::php_exchange>::make();
  std::string path;
  int status = web::decode_path(head.path, path);
  if (status == 0) status = web::find_script(path, *exchange);
  if (status != 0) {
    // Nobody reads the body of what is not there.
    if (HasBody(request)) input->leave_body();
    reply = web::status_reply(status, web::connection_after(request, input, client), {}, head.method != web::method::head);
  } else {
    reply = web::reply::make();
    reply->php = std::move(exchange);
  }
  web::remember(client, reply);
  return 0;
}

int GatherBody(web::client& client, web::input& input, web::request& request, web::reply& reply) {
  web::php_exchange& exchange = *reply->php;
  const bool in_chunks = request->head.framing == web::framing::chunked;
  for (;;) {
    const int result = input->next_body(exchange.body, web::kGathered);
    exchange.count_body();
    if (result != flux::again) return result;
    if (web::bytes_gathered.load(std::memory_order_relaxed) > web::kMostGathered) return 503;
    if (!in_chunks && exchange.body.size() >= web::kGathered) return 0;
    if (input->has_bytes()) continue;
    switch (web::receive(client, input)) {
      case web::received::some: break;
      case web::received::end: return ECONNRESET;
      case web::received::nothing: return flux::again;
    }
  }
}

int PhraseRequest(web::client& client, web::input& input, web::request& request, web::reply& reply) {
  web::php_exchange& exchange = *reply->php;
  const web::request_head& head = request->head;
  const bool in_chunks = head.framing == web::framing::chunked;
  const std::size_t scheme = head.target.starts_with('/') ? std::string_view::npos : head.target.find("://");
  const std::string_view authority =
      scheme == std::string_view::npos ? std::string_view() : head.target.substr(scheme + 3, head.target.find_first_of("/?", scheme + 3) - scheme - 3);
  const std::string variables = web::cgi_variables({.head = request->bytes,
                                                    .path = head.path,
                                                    .query = head.query,
                                                    .authority = authority,
                                                    .root = web::script_root,
                                                    .file = exchange.file,
                                                    .name = exchange.name,
                                                    .info = exchange.info,
                                                    .has_body = HasBody(request),
                                                    .length = in_chunks ? exchange.body.size() : head.content_length},
                                                   web::addresses_of(client.fd()));
  exchange.whole = input->body_ended();
  const std::string_view method = web::method_of(head);
  exchange.repeatable = method != "POST" && method != "PATCH";
  web::fastcgi::append_begin(exchange.opening);
  web::fastcgi::append_variables(exchange.opening, variables);
  web::fastcgi::append_input(exchange.opening, exchange.body);
  if (exchange.whole) web::fastcgi::append_input_end(exchange.opening);
  // It is in the records now, and counts until they are gone.
  std::string().swap(exchange.body);
  return 0;
}

int TakeBackend(web::client&, web::input&, web::request&, web::reply& reply) {
  web::php_exchange& exchange = *reply->php;
  if (exchange.next == web::need::a_retry) {
    exchange.start_again();
  } else {
    exchange.socket = web::backends.take();
    exchange.kept = static_cast<bool>(exchange.socket);
  }
  if (exchange.kept) {
    exchange.next = web::need::to_tell;
    exchange.drained = true;  // it was asked a moment ago
    return 0;
  }
  return web::begin_to_reach(exchange, web::backends.open(exchange.socket));
}

int ReachBackend(web::client&, web::input&, web::request&, web::reply& reply) {
  web::php_exchange& exchange = *reply->php;
  const int result = web::backends.opened(exchange.socket);
  return result == EINPROGRESS ? flux::again : web::begin_to_reach(exchange, result);
}
