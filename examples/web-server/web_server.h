// What web-server.flux is made of: the types that travel between its nodes, and the nodes.
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <flux/flux.hpp>

#include "http_reply.hpp"
#include "http_request.hpp"

namespace web {

// The other end of a connection.
struct client {
  flux::socket socket;
  bool close = false;    // the client is gone, or the reply under way is its last
  bool drained = false;  // the last read took all there was: to read again now would find nothing

  [[nodiscard]] int fd() const noexcept { return socket.fd(); }
};

}  // namespace web

// Where connections come from; opened by init.
extern flux::tcp_listener listener;

// The options, see options.hpp.
void init(int argc, char** argv);
void finish();

int Listen(web::client& client, web::input& input);

// ---- Reading: client.cpp. Where the client leaves, or is idle while the server stops, `client` says so. ----

// Waits until something of a request is there.
int AwaitRequest(web::client& client, web::input& input);

bool IsGone(const web::client& client);
bool IsTalking(const web::input& input);

// Fails with an HTTP status (400, 413, 414, 421, 431, 501, 505) when what arrives is no request that this server understands.
int ReadHead(web::client& client, web::input& input, web::request& request);

bool IsExpecting(const web::request& request);
bool HasBody(const web::request& request);

// Says 100 (Continue), unless the answer does not depend on the body.
int Encourage(web::client& client, web::input& input, web::request& request);

// Drops the body. Fails with 400 or 413.
int ReadBody(web::client& client, web::input& input, web::request& request);

// ---- Deciding: pages.cpp. ----

bool IsFetching(const web::request& request);

// The page of the path, where it is kept.
int CheckCache(web::client& client, web::input& input, web::request& request);

bool IsFresh(const web::request& request);

// Opens what the request names under the root and makes a page of it, or leaves the one from the cache if it is still what is there.
// Without a page the request has a status.
int FindFile(web::client& client, web::input& input, web::request& request);

bool IsKeepable(const web::request& request);
int StoreInCache(web::client& client, web::input& input, web::request& request);

// Writes the reply to a GET or HEAD, and says in `client` whether it is the last.
int Respond(web::client& client, web::input& input, web::request& request, web::reply& reply);

// The same for what is no GET and no HEAD.
int Decline(web::client& client, web::input& input, web::request& request, web::reply& reply);

// The answer to a request that failed; the last of its connection. Fails itself, and so ends the flow, where there is nobody to answer.
int Explain(web::client& client, web::input& input, int error, web::request& request, web::reply& reply);

// ---- Writing: client.cpp. ----

// Writes as much as the client takes, a megabyte at most, and returns flux::again for the rest of that.
int Send(web::client& client, web::input& input, web::request& request, web::reply& reply);

bool IsUnfinished(const web::reply& reply);

// Forgets the request and the reply.
int Finish(web::client& client, web::input& input, web::request request, web::reply reply);

// Says that no more will be sent, then reads and drops until the client has closed too.
int Linger(web::client& client, web::input& input);

int Close(web::client client, web::input input);

// ---- The access log: access_log.cpp. ----

bool IsLogged(const web::reply& reply);
int AppendToLog(web::client& client, web::input& input, web::request& request, web::reply& reply);

// Takes what has been gathered, and writes that.
int TakeLog();
int WriteLog();

#endif
