// Getting a request out of a client, for all nodes that do. Knows no more of requests than that they are made of bytes.
#ifndef WEB_SERVER_RECEIVE_HPP
#define WEB_SERVER_RECEIVE_HPP

#include "web_server.h"

namespace web {

enum class received { some, nothing, end };

// Reads what there is, with `flags` as recv takes them. Never blocks, but for the moment of listen_options::brief_blocking where no flag
// forbids it.
received receive(client& client, input& input, int flags = 0);

// Says 100 (Continue) to a client that has not begun to send its body. As a node answers: 0, flux::again or an errno.
[[nodiscard]] int invite_body(client& client, const input& input);

// What the last call on a socket said.
[[nodiscard]] bool would_block() noexcept;

}  // namespace web

#endif
