// What the server was asked for on its command line. Opens nothing.
#ifndef WEB_SERVER_OPTIONS_HPP
#define WEB_SERVER_OPTIONS_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace web {

struct options {
  int port = 8080;
  const char* host = "127.0.0.1";
  const char* root = ".";
  std::size_t cache_bytes = 64 * 1024 * 1024;
  const char* access_log = nullptr;  // null: none; "-": stdout
  const char* php = nullptr;  // null: none
  bool list = false;
};

// Throws std::invalid_argument with one line that says what is wrong. Ends the process after --help.
[[nodiscard]] options read_options(int argc, char** argv);

// What a person types to get there.
[[nodiscard]] std::string url(std::string_view host, int port);

}  // namespace web

#endif
