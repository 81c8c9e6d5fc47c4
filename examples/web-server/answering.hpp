// What the nodes share that decide what a request gets.
#ifndef WEB_SERVER_ANSWERING_HPP
#define WEB_SERVER_ANSWERING_HPP

#include <system_error>

#include "file_tree.hpp"
#include "web_server.h"

namespace web {

// What is served; set by init.
extern file_tree files;

// Decides whether this reply is the last of its connection.
[[nodiscard]] connection connection_after(const request& request, const input& input, client& client);

// Notes who asked, for the log. Before he is answered: a client that leaves in the middle takes its address with it.
void remember(const client& client, reply& reply);

// Of a file that could not be opened.
[[nodiscard]] int status_of(std::errc reason) noexcept;

}  // namespace web

#endif
