// PHP as this server knows it: which requests it makes, and where it is. The nodes are declared in web_server.h.
#ifndef WEB_SERVER_PHP_HPP
#define WEB_SERVER_PHP_HPP

#include <string>

#include "http_request.hpp"
#include "php_backends.hpp"
#include "php_exchange.hpp"

namespace web {

// Nobody changes it after init, so that a request for a file pays one look at it.
inline bool runs_php = false;

// REQUIRES: before anything else. `root`: the folder that is served. Throws as php_backends::set_address does.
void open_php(const char* address, const char* root);

extern php_backends backends;

// The folder that is served, as the kernel names it.
extern std::string script_root;

// What connecting came to: 0, EINPROGRESS or an errno. Returns 0.
int begin_to_reach(php_exchange& exchange, int result);

// True if a name in the path ends in `.php`, and the method is one that a program can give a meaning.
[[nodiscard]] bool names_script(const message& message) noexcept;

}  // namespace web

#endif
