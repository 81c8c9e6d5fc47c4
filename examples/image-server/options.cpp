// The server's own options; those of the runtime are gone from argv before.
#include "options.hpp"

#include <getopt.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace photo {
namespace {

constexpr const char* kUsage = R"(usage: image-server [--port PORT] [--host ADDRESS] [--root FOLDER] [--cache-bytes N]

Serves the pictures under FOLDER: NAME.ppm as NAME.jpg, in the size that is asked for.

  --port PORT      where to listen; 0 takes any free port (default 8080)
  --host ADDRESS   an IPv4 or IPv6 address, a name, * for all or unix:PATH (default 127.0.0.1)
  --root FOLDER    where the pictures are (default: the current folder)
  --cache-bytes N  memory for images that were made, also as 512K, 64M or 1G; 0 keeps none (default 64M)
  -h, --help       this text
  --flux-help      the options of the runtime
)";

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what + " (see --help)"); }

// The number that `text` begins with, and what stands behind it; if there is none, one that is more than any option takes.
std::size_t leading_number(std::string_view text, std::string_view& rest) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return SIZE_MAX;
  rest = text.substr(static_cast<std::size_t>(end - text.data()));
  return number;
}

int port_number(std::string_view text) {
  std::string_view rest;
  const std::size_t number = leading_number(text, rest);
  if (number > 65'535 || !rest.empty()) refuse("--port takes a number from 0 to 65535, not '" + std::string(text) + "'");
  return static_cast<int>(number);
}

std::size_t byte_count(std::string_view text) {
  constexpr std::string_view kUnits = "KMG";
  std::string_view rest;
  const std::size_t number = leading_number(text, rest);
  const std::size_t unit = rest.size() == 1 ? kUnits.find(rest.front()) : std::string_view::npos;
  const std::size_t shift = rest.empty() ? 0 : 10 * (unit + 1);
  if ((!rest.empty() && unit == std::string_view::npos) || number > (std::size_t{1} << 50 >> shift)) {
    refuse("--cache-bytes takes a number of bytes, like 1000000 or 64M, not '" + std::string(text) + "'");
  }
  return number << shift;
}

}  // namespace

options read_options(int argc, char** argv) {
  // No number is a letter's.
  enum { port = 256, host, root, cache_bytes, help };
  const option known[] = {{"port", required_argument, nullptr, port},
                          {"host", required_argument, nullptr, host},
                          {"root", required_argument, nullptr, root},
                          {"cache-bytes", required_argument, nullptr, cache_bytes},
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
      case help:
      case 'h':
        std::fputs(kUsage, stdout);
        std::exit(0);
      case ':': refuse(std::string(argv[optind - 1]) + " needs a value");
      default: refuse("unknown option " + (optopt > 0 && optopt < port ? std::string("-") + static_cast<char>(optopt) : std::string(argv[optind - 1])));
    }
  }
  if (optind < argc) refuse(std::string("unexpected argument '") + argv[optind] + "'");
  if (*asked.root == '\0') refuse("--root takes a folder, not ''");
  return asked;
}

std::string url(std::string_view host, int port) {
  if (host.starts_with("unix:")) return std::string(host);
  std::string name(host.empty() || host == "*" ? "localhost" : host);
  // An address of IPv6 stands in brackets.
  if (name.find(':') != std::string::npos && !name.starts_with('[')) name = '[' + name + ']';
  return "http://" + name + ':' + std::to_string(port) + '/';
}

}  // namespace photo
