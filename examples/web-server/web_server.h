// What web-server.flux is made of: the types that travel between its nodes, and the nodes.
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <flux/flux.hpp>

#include "http_request.hpp"
#include "http_reply.hpp"

// Where connections come from; opened by init.
extern flux::tcp_listener listener;

// --port, --host and --root.
void init(int argc, char** argv);

int Listen(flux::socket& client, bool& close, web::input& input);

// Reads one request. Sets `close` when the client is gone, or idle while the server stops; fails with an HTTP status
// (400, 413, 414, 431, 505) when what arrives is no request that this server understands.
int ReadRequest(flux::socket& client, bool& close, web::input& input, web::request& request);

bool IsClosing(bool close);
bool IsTalking(const web::input& input);
bool IsFetching(const web::request& request);

// Opens what the request names under the root: 200, or 301 to a folder's page, or 404. Sets `close` where the client asked for it.
int FindFile(flux::socket& client, bool& close, web::input& input, web::request& request, web::reply& reply);

int RefuseMethod(flux::socket& client, bool& close, web::input& input, web::request& request, web::reply& reply);

// Writes as much as the client takes, and returns flux::again for the rest.
int Send(flux::socket& client, bool& close, web::input& input, web::reply& reply);

int Close(flux::socket client, bool close, web::input input, web::request request);

int Forget(flux::socket& client, bool& close, web::input& input, web::request request);

// The answer to a request that failed. Fails itself, and so ends the flow, where there is nobody to answer: an idle connection timed out.
int Explain(flux::socket& client, bool& close, web::input& input, int error, web::reply& reply);

// Says that no more will be sent, then reads and drops until the client has closed too.
int Linger(flux::socket& client, bool& close, web::input& input);

#endif
