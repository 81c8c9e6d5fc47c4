// A web server for static files: HTTP/1.1 with persistent connections, pipelining, ranges, conditional requests and a cache.
//
// Read it from the top: what starts a flow, what a flow does, which of it must be atomic, how long a client may take, what happens when
// something goes wrong, and last the C++ functions that do the work (web_server.h). Nothing here names a thread, a lock or an event loop.

include "web_server.h";

// ---- What starts a flow: each accepted connection is one, 10,000 at a time. ----

source Listen => Connection;
wait Listen: {readable listener};
limit Listen: 10000;

// Once a second, what the access log has gathered is written.
source Second every 1s => FlushLog;
FlushLog = TakeLog -> WriteLog;

// ---- What a flow does. ----

// One round a request. `Sent` ends in `Connection` again: a loop, so a connection serves many requests.
Connection = AwaitRequest -> Round;

// First match wins. A predicate type stands for the values its C++ function accepts; `_` for all.
typedef gone IsGone;
typedef talking IsTalking;

Round:[gone, _] = Close;
Round:[_, _] = ReadHead -> Body -> Answer -> Sending;

// A client may wait to be told that it shall send its body.
typedef expecting IsExpecting;
typedef loaded HasBody;

Body:[_, _, expecting] = Encourage -> ReadBody;
Body:[_, _, loaded] = ReadBody;
Body:[_, _, _] = ;

typedef fetching IsFetching;

Answer:[_, _, fetching] = CheckCache -> Page -> Respond;
Answer:[_, _, _] = Decline;

// What is in the cache is believed for a second; then FindFile looks at the disk again.
typedef fresh IsFresh;
typedef keepable IsKeepable;

Page:[_, _, fresh] = ;
Page:[_, _, _] = FindFile -> Keep;

Keep:[_, _, keepable] = StoreInCache;
Keep:[_, _, _] = ;

// A long reply goes out a megabyte a round, so that one client cannot keep a worker from the others.
typedef unfinished IsUnfinished;

Sending = Send -> Sent;
Sent:[_, _, _, unfinished] = Sending;
Sent:[_, _, _, _] = Log -> Finish -> Next;

typedef logged IsLogged;

Log:[_, _, _, logged] = AppendToLog;
Log:[_, _, _, _] = ;

// Closing while a client's bytes are unread would throw the last answer away, so the server listens a little longer.
Next:[gone, talking] = Linger;
Next:[gone, _] = Close;
Next:[_, _] = Connection;

// ---- What must be atomic. Readers share (`?`); a constraint is no lock of ours but the runtime's, and two cannot deadlock. ----

atomic CheckCache: {cache?};
atomic StoreInCache: {cache};
atomic AppendToLog: {log};
atomic TakeLog: {log};

// ---- How long a client may take: between two requests, for a head, for a body, for a megabyte of the answer. ----

timeout AwaitRequest: 60s;
timeout ReadHead: 15s;
timeout ReadBody: 60s;
timeout Send: 20m;
timeout Encourage: 15s;
timeout Linger: 2s;

// ---- Where a flow waits. It holds no thread of a pool and no stack while it does. ----

wait AwaitRequest: {readable client};
wait ReadHead: {readable client};
wait ReadBody: {readable client};
wait Encourage: {writable client};
wait Send: {writable client};
wait Linger: {readable client};

// May go to the disk.
blocking FindFile;
blocking WriteLog;

// ---- What happens when something goes wrong. ----

// A request that cannot be understood or does not arrive in time gets an answer that says so (400, 408, …).
// A connection on which no request comes just ends: there is no handler for AwaitRequest.
handle error ReadHead => Refuse;
handle error ReadBody => Refuse;

Refuse = Explain -> Send -> LogRefusal -> Finish -> Linger;
LogRefusal:[_, _, _, logged] = AppendToLog;
LogRefusal:[_, _, _, _] = ;

// ---- The nodes: ordinary functions in C++. ----

Listen () => (web::client client, web::input input);

AwaitRequest (web::client client, web::input input) => (web::client client, web::input input);

ReadHead (web::client client, web::input input)
  => (web::client client, web::input input, web::request request);

Encourage (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request);

ReadBody (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request);

CheckCache (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request);

FindFile (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request);

StoreInCache (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request);

Respond (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request, web::reply reply);

Decline (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request, web::reply reply);

Explain (web::client client, web::input input, int error)
  => (web::client client, web::input input, web::request request, web::reply reply);

Send (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

AppendToLog (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Finish (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input);

Linger (web::client client, web::input input) => ();

Close (web::client client, web::input input) => ();

TakeLog () => ();

WriteLog () => ();
