// What a CGI program is told of a request (RFC 3875, 4.1). Asks nobody: all it says is in the request and in what it is given.
#ifndef WEB_SERVER_CGI_VARIABLES_HPP
#define WEB_SERVER_CGI_VARIABLES_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace web {

// The ends of a client's connection.
struct addresses {
  std::string remote;  // `unix:` where it has no address
  std::string remote_port;
  std::string server;
  std::string server_port;
};

// REQUIRES: `client` is a socket.
[[nodiscard]] addresses addresses_of(int client);

struct script_request {
  std::string_view head;       // all of it, as it came: a head that was read and not refused
  std::string_view path;       // of the target, as sent, and its query with the question mark
  std::string_view query;
  std::string_view authority;  // of a target that names one: it counts, not Host (RFC 9112, 3.2.2)
  std::string_view root;       // the folder that is served, as the kernel names it
  std::string_view file;       // the script, likewise
  std::string_view name;       // the script as the client names it, decoded
  std::string_view info;       // what the client's path says behind it, decoded; may be empty
  bool has_body = false;
  std::uint64_t length = 0;    // of the body
};

// As fastcgi::append_variables takes them.
[[nodiscard]] std::string cgi_variables(const script_request& request, const addresses& ends);

}  // namespace web

#endif
