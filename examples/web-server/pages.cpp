// The nodes of web-server.flux that decide what a request gets.
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "access_log.hpp"
#include "answering.hpp"
#include "http_date.hpp"
#include "options.hpp"
#include "page_cache.hpp"
#include "page_maker.hpp"
#include "php.hpp"
#include "web_server.h"

namespace web {

file_tree files;

connection connection_after(const request& request, const input& input, client& client) {
  client.close = !request->head.keep_alive || flux::stopping() || (input && input->leaves_body());
  return {.close = client.close, .keep_alive = request->head.http_1_0 && !client.close};
}

void remember(const client& client, reply& reply) {
  if (log.is_open()) append_address(reply->client, client.fd());
}

int status_of(std::errc reason) noexcept {
  switch (reason) {
    // EXDEV: it would have left the root.
    case std::errc::no_such_file_or_directory:
    case std::errc::not_a_directory:
    case std::errc::permission_denied:
    case std::errc::operation_not_permitted:
    case std::errc::too_many_symbolic_link_levels:
    case std::errc::filename_too_long:
    case std::errc::no_such_device_or_address:
    case std::errc::cross_device_link:
      return 404;
    case std::errc::too_many_files_open:
    case std::errc::too_many_files_open_in_system:
    case std::errc::not_enough_memory:
      return 503;
    default: return 500;
  }
}

}  // namespace web

using web::connection_after;
using web::files;
using web::remember;
using web::status_of;

namespace {

// Files up to here are read into memory, whether the cache keeps them or not; longer ones are sent by the kernel.
constexpr std::size_t kMostInMemory = 1024 * 1024;
// Once clients that take their time hold as much memory as the cache, only files up to here.
constexpr std::size_t kMostUnderPressure = 16 * 1024;

web::page_cache cache;
bool lists_folders = false;

// What a path names: an open file, an open folder to be listed, or a status.
struct found {
  int status = 200;
  flux::socket file;
  web::file_state state;
  bool folder = false;
};

found find(const std::string& path) {
  struct stat status{};
  std::errc reason{};
  const bool slash = path.ends_with('/');
  if (slash) {
    // Before the folder itself: one may be open to those who know a name in it, and closed to those who ask for all.
    flux::socket index(files.open(path + "index.html", status, reason));
    if (index && S_ISREG(status.st_mode)) return {.file = std::move(index), .state = web::file_state::of(status)};
    if (!index && status_of(reason) != 404) return {.status = status_of(reason)};
    if (!lists_folders) return {.status = 404};
  }
  flux::socket file(files.open(path, status, reason));
  if (!file) return {.status = status_of(reason)};
  const bool folder = S_ISDIR(status.st_mode);
  if (slash != folder) return {.status = slash ? 404 : 301};  // `file.txt/` names nothing
  return {.file = std::move(file), .state = web::file_state::of(status), .folder = folder};
}

std::size_t most_in_memory() noexcept {
  return web::bytes_in_memory.load(std::memory_order_relaxed) < 2 * cache.limit() ? kMostInMemory : kMostUnderPressure;
}

// A folder's name under the root with a slash behind it, as a Location.
std::string with_slash(const web::request_head& head) {
  std::string location(head.path);
  // `//host` would lead to another server.
  location.erase(0, std::min(location.find_first_not_of('/'), location.size()));
  location.insert(0, 1, '/');
  location += '/';
  location += head.query;
  return location;
}

}  // namespace

void init(int argc, char** argv) {
  const web::options asked = web::read_options(argc, argv);
  files.set_root(asked.root);
  cache.set_limit(asked.cache_bytes);
  lists_folders = asked.list;
  if (asked.php != nullptr) web::open_php(asked.php, asked.root);
  if (asked.access_log != nullptr) web::log.open(asked.access_log);
  // A client of HTTP speaks first, so a connection is of no interest before it has; on a thread of its own a read may wait a moment for it.
  listener.open(asked.host, asked.port, {.defer_accept = true, .brief_blocking = true});
  std::printf("serving %s on %s\n", asked.root, web::url(asked.host, listener.port()).c_str());
  std::fflush(stdout);
}

void finish() {
  web::log.take();
  web::log.write();
}

int CheckCache(web::client&, web::input&, web::request& request) {
  web::message& message = *request;
  message.looked = web::milliseconds();
  if (message.head.path_is_plain) {
    message.path = message.head.path;
  } else {
    message.status = web::decode_path(message.head.path, message.decoded);
    message.path = message.decoded;
  }
  if (message.status == 0) message.page = cache.find(message.path);
  return 0;
}

int FindFile(web::client&, web::input&, web::request& request) {
  if (request->status != 0) return 0;
  web::page& page = request->page;
  const std::int64_t now = web::milliseconds();
  found here = find(std::string(request->path));
  if (here.status == 200 && page && !here.folder && page->state == here.state) {
    page->compared.store(now, std::memory_order_relaxed);
    return 0;
  }
  page.reset();
  request->status = here.status;
  if (here.status != 200) return 0;
  request->status = 0;
  const bool index = request->path.ends_with('/');
  page = here.folder ? web::folder_page(std::move(here.file), request->path)
                     : web::file_page(std::move(here.file), here.state, index ? "index.html" : request->path, most_in_memory());
  // The answer is dated no earlier than its page (RFC 9110, 8.8.2.1).
  request->looked = web::milliseconds();
  if (!page) {
    request->status = 500;
    return 0;
  }
  page->path = request->path;
  page->compared.store(now, std::memory_order_relaxed);
  page->cacheable = !here.folder && page->file < 0 && web::is_canonical(request->path) && cache.has_room_for(page->cost());
  return 0;
}

int StoreInCache(web::client&, web::input&, web::request& request) {
  cache.store(request->page);
  return 0;
}

int Respond(web::client& client, web::input& input, web::request& request, web::reply& reply) {
  const web::connection connection = connection_after(request, input, client);
  if (request->page) {
    reply = web::page_reply(request->page, request->head, connection, request->looked);
    remember(client, reply);
    return 0;
  }
  const std::string moved = request->status == 301 ? "Location: " + with_slash(request->head) + "\r\n" : std::string();
  reply = web::status_reply(request->status, connection, moved, request->head.method != web::method::head);
  remember(client, reply);
  return 0;
}

int Decline(web::client& client, web::input& input, web::request& request, web::reply& reply) {
  constexpr std::string_view kAllow = "Allow: GET, HEAD, OPTIONS\r\n";
  const web::connection connection = connection_after(request, input, client);
  const web::method method = request->head.method;
  if (request->head.expect == web::expectation::other) {
    reply = web::status_reply(417, connection, {}, method != web::method::head);
  } else if (method == web::method::options) {
    reply = web::status_reply(204, connection, kAllow, false);
  } else if (method == web::method::refused) {
    reply = web::status_reply(405, connection, kAllow, true);
  } else {
    reply = web::status_reply(501, connection, {}, true);
  }
  remember(client, reply);
  return 0;
}

int Explain(web::client& client, web::input& input, int error, web::request& request, web::reply& reply) {
  const bool timed_out = error == ETIMEDOUT;
  if (!timed_out && (error < 400 || error > 599)) return error;  // the client is gone
  client.close = true;
  request = web::request::make();
  request->is_read = false;
  request->bytes.assign(input->first_line());
  request->head = {};
  request->head.line = request->bytes;
  reply = web::status_reply(timed_out ? 408 : error, {.close = true}, {}, !input->refuses_head());
  remember(client, reply);
  return 0;
}
