// What web-server.flux is made of: the types that travel between its nodes, and the nodes.
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <flux/flux.hpp>

#include "access_log.hpp"
#include "http_reply.hpp"
#include "http_request.hpp"
#include "php.hpp"

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

inline bool IsGone(const web::client& client) { return client.close; }
inline bool IsTalking(const web::input& input) { return input && input->has_more(); }

// Fails with an HTTP status (400, 413, 414, 421, 431, 501, 505) when what arrives is no request that this server understands.
int ReadHead(web::client& client, web::input& input, web::request& request);

inline bool HasBody(const web::request& request) { return request->head.framing != web::framing::none; }
inline bool IsExpecting(const web::request& request) { return HasBody(request) && request->head.expect != web::expectation::none; }

// Says 100 (Continue), unless the answer does not depend on the body.
int Encourage(web::client& client, web::input& input, web::request& request);

// Drops the body. Fails with 400 or 413.
int ReadBody(web::client& client, web::input& input, web::request& request);

// ---- Deciding: pages.cpp. ----

inline bool IsFetching(const web::request& request) {
  const web::request_head& head = request->head;
  return (head.method == web::method::get || head.method == web::method::head) && head.expect != web::expectation::other;
}

// The page of the path, where it is kept.
int CheckCache(web::client& client, web::input& input, web::request& request);

// A page from the cache is believed for a second.
inline bool IsFresh(const web::request& request) {
  const web::page& page = request->page;
  if (!page) return false;
  const std::int64_t age = request->looked - page->compared.load(std::memory_order_relaxed);
  return age >= 0 && age < 1000;  // below 0 where somebody has set the clock back
}

// Opens what the request names under the root and makes a page of it, or leaves the one from the cache if it is still what is there.
// Without a page the request has a status.
int FindFile(web::client& client, web::input& input, web::request& request);

inline bool IsKeepable(const web::request& request) {
  const web::page& page = request->page;
  return page && page->cacheable && !page->in_cache.load(std::memory_order_relaxed);
}
int StoreInCache(web::client& client, web::input& input, web::request& request);

// Writes the reply to a GET or HEAD, and says in `client` whether it is the last.
int Respond(web::client& client, web::input& input, web::request& request, web::reply& reply);

// The same for what is no GET and no HEAD.
int Decline(web::client& client, web::input& input, web::request& request, web::reply& reply);

// The answer to a request that failed; the last of its connection. Fails itself, and so ends the flow, where there is nobody to answer.
int Explain(web::client& client, web::input& input, int error, web::request& request, web::reply& reply);

// ---- Asking PHP: php_request.cpp, php.cpp. `reply` is the connection to PHP as well, as long as it makes it. ----

inline bool IsScript(const web::request& request) { return web::runs_php && web::names_script(*request); }

// Finds the script and what to say to it, or answers that there is none.
int FindScript(web::client& client, web::input& input, web::request& request, web::reply& reply);
inline bool IsFound(const web::reply& reply) { return static_cast<bool>(reply->php); }

// Says 100 (Continue) to a client that waits for it.
int InviteBody(web::client& client, web::input& input, web::request& request, web::reply& reply);

// Reads the body: all of it in chunks, since a program is told its length first, or the first 64 KB, so that no process of PHP waits for a
// client to type. Fails with 400, 413 or 503.
int GatherBody(web::client& client, web::input& input, web::request& request, web::reply& reply);

// Writes what PHP is told.
int PhraseRequest(web::client& client, web::input& input, web::request& request, web::reply& reply);

// A connection that was kept or one that begins; then, until it is there.
int TakeBackend(web::client& client, web::input& input, web::request& request, web::reply& reply);
int ReachBackend(web::client& client, web::input& input, web::request& request, web::reply& reply);

inline bool IsReaching(const web::reply& reply) { return reply->php->next == web::need::connection; }
inline bool IsTelling(const web::reply& reply) { return reply->php->next == web::need::to_tell; }
inline bool IsFetchingMore(const web::reply& reply) { return reply->php->next == web::need::to_fetch; }
inline bool IsHearing(const web::reply& reply) { return reply->php->next == web::need::to_hear; }
inline bool IsPassing(const web::reply& reply) { return reply->php->next == web::need::to_pass; }
inline bool IsDraining(const web::reply& reply) { return reply->php->next == web::need::to_drain; }
inline bool IsTrading(const web::reply& reply) { return reply->php->next == web::need::to_trade; }
inline bool IsRetried(const web::reply& reply) { return reply->php->next == web::need::a_retry; }

// Each does all that can be done at once: tells PHP, hears it, and passes on what it says. They differ in what they wait for when nothing
// can. 0: something was done, or another of them is to wait.
int Tell(web::client& client, web::input& input, web::request& request, web::reply& reply);
int Fetch(web::client& client, web::input& input, web::request& request, web::reply& reply);
int Hear(web::client& client, web::input& input, web::request& request, web::reply& reply);
int Pass(web::client& client, web::input& input, web::request& request, web::reply& reply);
int Drain(web::client& client, web::input& input, web::request& request, web::reply& reply);
int Trade(web::client& client, web::input& input, web::request& request, web::reply& reply);

// Keeps the connection to PHP for another request, or closes it.
int LeaveBackend(web::client& client, web::input& input, web::request& request, web::reply& reply);

// What PHP wrote to its stderr, and why it failed: to ours.
inline bool IsComplaining(const web::reply& reply) { return reply->php && !reply->php->said.empty(); }
int LogPhp(web::client& client, web::input& input, web::request& request, web::reply& reply);

// The rest of the answer, or one that says what went wrong: 502 or 503.
int ConcludePhp(web::client& client, web::input& input, web::request& request, web::reply& reply);

// The same for what took too long, 504 or 408, or failed here.
int GiveUpPhp(web::client& client, web::input& input, web::request& request, web::reply& reply, int error);

// Connections to PHP that nobody has used for a while.
int DropIdle();

// ---- Writing: client.cpp. ----

// Writes as much as the client takes, a megabyte at most, and returns flux::again for the rest of that.
int Send(web::client& client, web::input& input, web::request& request, web::reply& reply);

inline bool IsUnfinished(const web::reply& reply) { return !reply->is_sent(); }

// Forgets the request and the reply.
int Finish(web::client& client, web::input& input, web::request request, web::reply reply);

// Says that no more will be sent, then reads and drops until the client has closed too.
int Linger(web::client& client, web::input& input);

int Close(web::client client, web::input input);

// ---- The access log: access_log.cpp. ----

inline bool IsLogged(const web::reply&) { return web::log.is_open(); }
int AppendToLog(web::client& client, web::input& input, web::request& request, web::reply& reply);

// Takes what has been gathered, and writes that.
int TakeLog();
int WriteLog();

#endif
