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
  --access-log FILE  a line a request, in the combined format; - is stdout (default: none)
  --help             this text
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
  const option known[] = {{"port", required_argument, nullptr, 'p'},
                          {"host", required_argument, nullptr, 'h'},
                          {"root", required_argument, nullptr, 'r'},
                          {"cache-bytes", required_argument, nullptr, 'c'},
                          {"access-log", required_argument, nullptr, 'a'},
                          {"list", no_argument, nullptr, 'l'},
                          {"help", no_argument, nullptr, '?'},
                          {nullptr, 0, nullptr, 0}};
  options asked;
  opterr = 0;
  for (int choice; (choice = getopt_long(argc, argv, ":", known, nullptr)) != -1;) {
    switch (choice) {
      case 'p': asked.port = port_number(optarg); break;
      case 'h': asked.host = optarg; break;
      case 'r': asked.root = optarg; break;
      case 'c': asked.cache_bytes = byte_count(optarg); break;
      case 'a': asked.access_log = optarg; break;
      case 'l': asked.list = true; break;
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
  return asked;
}

std::string url(std::string_view host, int port) {
  if (host.starts_with("unix:")) return std::string(host);
  if (host.empty() || host == "*") host = "localhost";
  const bool bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  return "http://" + (bare_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port) + "/";
}

}  // namespace web
