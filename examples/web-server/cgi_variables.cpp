// The variables of CGI, as nginx gives them to PHP. A client chooses names of fields, so only those pass that cannot be mistaken for another's.
#include "cgi_variables.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "fastcgi.hpp"
#include "http_head.hpp"

namespace web {
namespace {

// Content-* have variables of their own. `Proxy` would be HTTP_PROXY, which libraries take for the machine's proxy (CVE-2016-5385).
// The others are about the connection to this server, or have been answered by it.
constexpr std::array<std::string_view, 11> kDropped = {"proxy", "content-length", "content-type", "connection", "keep-alive",      "proxy-connection",
                                                       "te",    "trailer",        "upgrade",      "expect",     "transfer-encoding"};

// Only letters, digits and hyphens: `X_Y` and `X-Y` would be the same variable.
bool is_passed(std::string_view name) noexcept {
  const bool plain = std::all_of(name.begin(), name.end(), [](char byte) {
    const char lower = static_cast<char>(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
  });
  return plain && std::none_of(kDropped.begin(), kDropped.end(), [&](std::string_view dropped) { return equals_ignoring_case(name, dropped); });
}

std::string variable_of(std::string_view name) {
  std::string variable = "HTTP_";
  for (const char byte : name) variable += byte == '-' ? '_' : byte >= 'a' && byte <= 'z' ? static_cast<char>(byte & ~0x20) : byte;
  return variable;
}

struct field {
  std::string name;
  std::string value;
};

// Fields of one name are one list; cookies are divided in their own way (RFC 6265, 5.4).
void add_field(std::vector<field>& fields, std::string name, std::string_view value) {
  for (field& known : fields) {
    if (known.name != name) continue;
    known.value.append(name == "HTTP_COOKIE" ? "; " : ", ").append(value);
    return;
  }
  fields.push_back({std::move(name), std::string(value)});
}

// Host without its port.
std::string_view without_port(std::string_view host) noexcept {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  return colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket) ? host.substr(0, colon) : host;
}

void name_end(const sockaddr_storage& address, std::string& name, std::string& port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* known = nullptr;
  in_port_t number = 0;
  if (address.ss_family == AF_INET) {
    const auto& of = reinterpret_cast<const sockaddr_in&>(address);
    known = ::inet_ntop(AF_INET, &of.sin_addr, text.data(), text.size());
    number = of.sin_port;
  } else if (address.ss_family == AF_INET6) {
    const auto& of = reinterpret_cast<const sockaddr_in6&>(address);
    known = ::inet_ntop(AF_INET6, &of.sin6_addr, text.data(), text.size());
    number = of.sin6_port;
  }
  name = known != nullptr ? known : "unix:";
  if (known != nullptr) port = std::to_string(ntohs(number));
}

}  // namespace

addresses addresses_of(int client) {
  addresses ends;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(client, reinterpret_cast<sockaddr*>(&address), &size) != 0) address = {};
  name_end(address, ends.remote, ends.remote_port);
  address = {};
  size = sizeof address;
  if (::getsockname(client, reinterpret_cast<sockaddr*>(&address), &size) != 0) address = {};
  name_end(address, ends.server, ends.server_port);
  return ends;
}

std::string cgi_variables(const script_request& request, const addresses& ends) {
  std::string_view rest = request.head;
  const auto next_line = [&rest] {
    const std::size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    return line;
  };
  const std::string_view first = next_line();
  const std::string_view method = first.substr(0, first.find(' '));
  const std::string_view protocol = first.substr(first.rfind(' ') + 1);

  std::string_view content_type;
  std::vector<field> fields;
  for (std::string_view line = next_line(); !line.empty(); line = next_line()) {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    std::string_view value = trimmed(line.substr(colon + 1));
    if (equals_ignoring_case(name, "content-type")) content_type = value;
    if (!is_passed(name)) continue;
    if (equals_ignoring_case(name, "host") && request.authority.data() != nullptr) value = request.authority;
    add_field(fields, variable_of(name), value);
  }
  const auto host = std::find_if(fields.begin(), fields.end(), [](const field& each) { return each.name == "HTTP_HOST"; });
  std::string_view server = host == fields.end() ? request.authority : without_port(host->value);
  if (server.empty()) server = ends.server;

  std::string said;
  const auto say = [&said](std::string_view name, std::string_view value) { fastcgi::append_variable(said, name, value); };
  say("GATEWAY_INTERFACE", "CGI/1.1");
  say("SERVER_SOFTWARE", "flux");
  say("SERVER_PROTOCOL", protocol);
  say("SERVER_NAME", server);
  say("SERVER_ADDR", ends.server);
  say("SERVER_PORT", ends.server_port);
  say("REMOTE_ADDR", ends.remote);
  say("REMOTE_PORT", ends.remote_port);
  say("REQUEST_SCHEME", "http");
  say("REQUEST_METHOD", method);
  std::string uri(request.path);
  uri += request.query;
  say("REQUEST_URI", uri);
  say("QUERY_STRING", request.query.substr(std::min<std::size_t>(request.query.size(), 1)));
  say("DOCUMENT_ROOT", request.root);
  say("DOCUMENT_URI", std::string(request.name).append(request.info));
  say("SCRIPT_FILENAME", request.file);
  say("SCRIPT_NAME", request.name);
  if (!request.info.empty()) say("PATH_INFO", request.info);
  say("CONTENT_TYPE", content_type);
  say("CONTENT_LENGTH", request.has_body ? std::to_string(request.length) : std::string());
  // PHP runs nothing without it where it was built to be called by a redirection (cgi.force_redirect).
  say("REDIRECT_STATUS", "200");
  for (const field& each : fields) say(each.name, each.value);
  return said;
}

}  // namespace web
