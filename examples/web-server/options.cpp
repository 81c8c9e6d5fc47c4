// The server's own options; those of the runtime are gone from argv before.
#include "options.hpp"

#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace web {
namespace {

constexpr const char* kUsage = R"(usage: web-server [--port PORT] [--host ADDRESS] [--root FOLDER] …

Serves the files under FOLDER over HTTP/1.1.

  --port PORT        where to listen; 0 takes any free port (default 8080)
  --host ADDRESS     an IPv4 or IPv6 address, a name, * for all or unix:PATH (default 127.0.0.1)
  --root FOLDER      what to serve (default: the current folder)
  --cache-bytes N    memory for files that are asked for often, also as 512K, 64M or 1G;
                     0 keeps none (default 64M)
  --list             show what is in a folder that has no index.html (default: 404)
  --php ADDRESS      where php-fpm listens, the path of a socket or HOST:PORT: it makes what
                     is named *.php (default: none, and *.php are files)
  --access-log FILE  a line a request, in the combined format; - is stdout (default: none)
  -h, --help         this text
  --flux-help        the options of the runtime
)";

[[noreturn]] void refuse(std::string_view option, std::string_view takes, const char* text) {
  throw std::invalid_argument(std::string(option) + " takes " + std::string(takes) + ", not '" + text + "'");
}

int port_number(const char* text) {
  int port = -1;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, port);
  if (error != std::errc() || stop != end || port < 0 || port > 65535) refuse("--port", "a number from 0 to 65535", text);
  return port;
}

std::size_t byte_count(const char* text) {
  std::size_t count = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, count);
  int shift = 0;
  if (end - stop == 1) shift = *stop == 'K' ? 10 : *stop == 'M' ? 20 : *stop == 'G' ? 30 : 0;
  const bool whole = stop == end || shift > 0;
  if (error != std::errc() || !whole || count > (std::size_t{1} << 50 >> shift)) refuse("--cache-bytes", "a number of bytes, like 1000000 or 64M", text);
  return count << shift;
}

}  // namespace

options read_options(int argc, char** argv) {
  // No number is a letter's, so that getopt tells `-l` from `--list`.
  enum { port = 256, host, root, cache_bytes, access_log, php, list, help };
  const option known[] = {{"port", required_argument, nullptr, port},
                          {"host", required_argument, nullptr, host},
                          {"root", required_argument, nullptr, root},
                          {"cache-bytes", required_argument, nullptr, cache_bytes},
                          {"access-log", required_argument, nullptr, access_log},
                          {"php", required_argument, nullptr, php},
                          {"list", no_argument, nullptr, list},
                          {"help", no_argument, nullptr, help},
                          {nullptr, 0, nullptr, 0}};
  options asked;
  opterr = 0;
  for (int choice; (choice = getopt_long(argc, argv, ":h", known, nullptr)) != -1;) {
    switch (choice) {
      case port: asked.port = port_number(optarg); break;
      case host: asked.host = optarg; break;
      case root: asked.root = optarg; break;
      case cache_bytes: asked.cache_bytes = byte_count(optarg); break;
      case access_log: asked.access_log = optarg; break;
      case php: asked.php = optarg; break;
      case list: asked.list = true; break;
      case help:
      case 'h':
        std::fputs(kUsage, stdout);
        std::exit(0);
      case ':': throw std::invalid_argument(std::string(argv[optind - 1]) + " needs a value (see --help)");
      default: {
        const std::string_view word = argv[optind - 1];
        if (optopt >= port) throw std::invalid_argument(std::string(word.substr(0, word.find('='))) + " takes no value (see --help)");
        throw std::invalid_argument("unknown option " + (optopt == 0 ? std::string(word) : std::string("-") + static_cast<char>(optopt)) + " (see --help)");
      }
    }
  }
  if (optind < argc) throw std::invalid_argument(std::string("unexpected argument '") + argv[optind] + "' (see --help)");
  if (*asked.root == '\0') throw std::invalid_argument("--root takes a folder, not ''");
  return asked;
}

std::string url(std::string_view host, int port) {
  if (host.starts_with("unix:")) return std::string(host);
  if (host.empty() || host == "*") host = "localhost";
  const bool bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  return "http://" + (bare_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port) + "/";
}

}  // namespace web
