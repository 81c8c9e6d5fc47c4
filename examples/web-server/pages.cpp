// The nodes of web-server.flux that make a reply, and the server's own options.
#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>

#include "file_tree.hpp"
#include "web_server.h"

namespace {

web::file_tree files;

constexpr const char* kUsage = R"(usage: web-server [--port PORT] [--host ADDRESS] [--root FOLDER]

Serves the files under FOLDER over HTTP/1.1.

  --port PORT      where to listen; 0 takes any free port (default 8080)
  --host ADDRESS   an IPv4 or IPv6 address, a name, * for all or unix:PATH (default 127.0.0.1)
  --root FOLDER    what to serve (default: the current folder)
  --help           this text
  --flux-help      the options of the runtime
)";

int port_number(const char* text) {
  int port = -1;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, port);
  if (error != std::errc() || stop != end || port < 0 || port > 65535) {
    throw std::invalid_argument(std::string("--port takes a number from 0 to 65535, not '") + text + "'");
  }
  return port;
}

// What a person types to get there.
std::string url(std::string_view host, int port) {
  if (host.starts_with("unix:")) return std::string(host);
  if (host.empty() || host == "*") host = "localhost";
  const bool bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  return "http://" + (bare_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port) + "/";
}

// Decides whether this reply is the last of its connection.
web::head head_for(const web::request& request, bool& close) {
  close = !request->keep_alive || flux::stopping();
  web::head head;
  head.close = close;
  head.keep_alive = request->http_1_0 && !close;
  return head;
}

// What a path names: an open file and status 200, or no file and another status.
struct found {
  int status;
  int file = -1;
  off_t size = 0;
  std::time_t modified = 0;
  std::string_view content_type = {};
};

int status_of(std::errc reason) {
  switch (reason) {
    case std::errc::too_many_files_open:
    case std::errc::too_many_files_open_in_system:
    case std::errc::not_enough_memory:
    case std::errc::interrupted:
    case std::errc::resource_unavailable_try_again: return 503;
    case std::errc::io_error: return 500;
    default: return 404;
  }
}

// Appends `index.html` to the path of a folder.
found find(std::string& path) {
  struct stat status {};
  std::errc reason{};
  const int file = files.open(path, status, reason);
  if (file < 0) return {.status = status_of(reason)};
  const bool folder = S_ISDIR(status.st_mode);
  if (folder == path.ends_with('/') && !folder) {
    return {.status = 200, .file = file, .size = status.st_size, .modified = status.st_mtime, .content_type = web::content_type(path)};
  }
  ::close(file);
  if (!folder) return {.status = 404};  // `file.txt/` names nothing
  if (!path.ends_with('/')) return {.status = 301};
  path += "index.html";
  const found page = find(path);
  return page.status == 301 ? found{.status = 404} : page;
}

// A folder's name under the root with a slash behind it, as a Location.
std::string with_slash(std::string_view target) {
  target = web::origin_form(target);
  const std::size_t query = target.find_first_of("?#");
  std::string location(target.substr(0, query));
  // `//host` would lead to another server.
  location.erase(0, std::min(location.find_first_not_of('/'), location.size()));
  location.insert(0, 1, '/');
  location += '/';
  if (query != std::string_view::npos) location += target.substr(query);
  return location;
}

}  // namespace

void init(int argc, char** argv) {
  const option options[] = {{"port", required_argument, nullptr, 'p'},
                            {"host", required_argument, nullptr, 'h'},
                            {"root", required_argument, nullptr, 'r'},
                            {"help", no_argument, nullptr, '?'},
                            {nullptr, 0, nullptr, 0}};
  int port = 8080;
  const char* host = "127.0.0.1";
  const char* root = ".";
  opterr = 0;
  for (int choice; (choice = getopt_long(argc, argv, ":", options, nullptr)) != -1;) {
    switch (choice) {
      case 'p': port = port_number(optarg); break;
      case 'h': host = optarg; break;
      case 'r': root = optarg; break;
      case ':': throw std::invalid_argument(std::string(argv[optind - 1]) + " needs a value (see --help)");
      default:
        if (std::strcmp(argv[optind - 1], "--help") == 0) {
          std::fputs(kUsage, stdout);
          std::exit(0);
        }
        throw std::invalid_argument(std::string("unknown option ") + argv[optind - 1] + " (see --help)");
    }
  }
  if (optind < argc) throw std::invalid_argument(std::string("unexpected argument '") + argv[optind] + "' (see --help)");
  files.set_root(root);
  listener.open(host, port, {.brief_blocking = true});
  std::printf("serving %s on %s\n", root, url(host, listener.port()).c_str());
  std::fflush(stdout);
}

bool IsFetching(const web::request& request) { return request->method == HTTP_GET || request->method == HTTP_HEAD; }

int FindFile(flux::socket&, bool& close, web::input&, web::request& request, web::reply& reply) {
  const bool body = request->method != HTTP_HEAD;
  web::head head = head_for(request, close);
  if (!web::path_of_target(request->target, request->path)) {
    head.status = 400;
    reply = web::status_page(head, body);
    return 0;
  }

  const found page = find(request->path);
  const std::string moved = page.status == 301 ? with_slash(request->target) : std::string();
  head.status = page.status;
  if (page.status != 200) {
    head.location = moved;
    reply = web::status_page(head, body);
    return 0;
  }
  reply = web::reply::make();
  reply->file = page.file;
  reply->size = body ? page.size : 0;
  head.content_length = page.size;
  head.content_type = page.content_type;
  head.last_modified = page.modified;
  web::write_head(reply->text, head);
  return 0;
}

int RefuseMethod(flux::socket&, bool& close, web::input&, web::request& request, web::reply& reply) {
  web::head head = head_for(request, close);
  head.status = 405;
  reply = web::status_page(head, true);
  return 0;
}
