// A web server for static files: GET and HEAD over HTTP/1.1, connections kept alive.
//
// Read it from the top: what starts a flow, what a flow does, what happens when something goes wrong, and last
// the C++ functions that do the work (web_server.h). Nothing here names a thread or an event loop.

include "web_server.h";

// ---- What starts a flow: each accepted connection is one. ----

source Listen => Connection;
wait Listen: {readable listener};
limit Listen: 10000;

// ---- What a flow does. ----

// One round a request. `Serve` ends in `Connection` again: a loop, so a connection serves many requests.
Connection = ReadRequest -> Serve;

// First match wins. A predicate type stands for the values its C++ function accepts.
typedef closing IsClosing;
typedef talking IsTalking;
typedef fetching IsFetching;

// Closing while a client's bytes are unread would throw the last answer away, so the server listens a little longer.
Serve:[_, closing, talking, _] = Forget -> Linger;
Serve:[_, closing, _, _] = Close;
Serve:[_, _, _, fetching] = FindFile -> Send -> Connection;
Serve:[_, _, _, _] = RefuseMethod -> Send -> Connection;

// ---- How long a client may take. ----

// A request must be complete 15 seconds after the server began to wait for it, the idle time before it included.
timeout ReadRequest: 15s;
timeout Send: 10m;
timeout Linger: 2s;

// ---- Where a flow waits. It holds no thread of a pool and no stack while it does. ----

wait ReadRequest: {readable client};
wait Send: {writable client};
wait Linger: {readable client};

// Opening a file may go to the disk.
blocking FindFile;

// ---- What happens when something goes wrong. ----

// A request that cannot be understood or does not arrive in time gets an answer that says so (400, 408, …).
handle error ReadRequest => Refuse;
Refuse = Explain -> Send -> Linger;

// ---- The nodes: ordinary functions in C++. ----

Listen () => (flux::socket client, bool close, web::input input);

ReadRequest (flux::socket client, bool close, web::input input)
  => (flux::socket client, bool close, web::input input, web::request request);

FindFile (flux::socket client, bool close, web::input input, web::request request)
  => (flux::socket client, bool close, web::input input, web::reply reply);

RefuseMethod (flux::socket client, bool close, web::input input, web::request request)
  => (flux::socket client, bool close, web::input input, web::reply reply);

Send (flux::socket client, bool close, web::input input, web::reply reply)
  => (flux::socket client, bool close, web::input input);

Close (flux::socket client, bool close, web::input input, web::request request) => ();

Forget (flux::socket client, bool close, web::input input, web::request request)
  => (flux::socket client, bool close, web::input input);

Explain (flux::socket client, bool close, web::input input, int error)
  => (flux::socket client, bool close, web::input input, web::reply reply);

Linger (flux::socket client, bool close, web::input input) => ();
