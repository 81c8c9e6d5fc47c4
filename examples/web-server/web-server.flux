// A web server for files and PHP: HTTP/1.1 with persistent connections, pipelining, ranges, conditional requests and a cache.
//
// Read it from the top: what starts a flow, what a flow does, which of it must be atomic, how long a client may take, what happens when
// something goes wrong, and last the C++ functions that do the work (web_server.h). Nothing here names a thread, a lock or an event loop.

include "web_server.h";

// ---- What starts a flow: each accepted connection is one, 20,000 at a time. ----

source Listen => Connection;
wait Listen: {readable listener};
limit Listen: 20000;

// Once a second, what the access log has gathered is written.
source Second every 1s => FlushLog;
FlushLog = TakeLog -> WriteLog;

// Now and then, connections to PHP that nobody needs are closed.
source Moment every 5s => DropIdle;

// ---- What a flow does. ----

// One round a request. `Sent` ends in `Connection` again: a loop, so a connection serves many requests.
Connection = AwaitRequest -> Round;

// First match wins. A predicate type stands for the values its C++ function accepts; `_` for all.
typedef gone IsGone;
typedef talking IsTalking;

Round:[gone, _] = Close;
Round:[_, _] = ReadHead -> Reply;

typedef script IsScript;

Reply:[_, _, script] = Script -> Sending;
Reply:[_, _, _] = Body -> Answer -> Sending;

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

// ---- What PHP makes. `reply` is the connection to PHP as well, as long as it is being made. ----

typedef found IsFound;

Script = FindScript -> Found;
Found:[_, _, _, found] = Upload -> PhraseRequest -> Php -> Complain -> ConcludePhp;
Found:[_, _, _, _] = ;

Upload:[_, _, expecting, _] = InviteBody -> GatherBody;
Upload:[_, _, loaded, _] = GatherBody;
Upload:[_, _, _, _] = ;

Php = Ask -> LeaveBackend;
Ask = TakeBackend -> Reach -> Talk;

typedef reaching IsReaching;

Reach:[_, _, _, reaching] = ReachBackend;
Reach:[_, _, _, _] = ;

// Both ways at once: PHP may answer before it has read all. Who is waited for differs from round to round, and so does the node that waits.
typedef telling IsTelling;
typedef fetching_more IsFetchingMore;
typedef hearing IsHearing;
typedef passing IsPassing;
typedef draining IsDraining;
typedef trading IsTrading;
typedef retried IsRetried;

Talk:[_, _, _, telling] = Tell -> Talk;
Talk:[_, _, _, hearing] = Hear -> Talk;
Talk:[_, _, _, passing] = Pass -> Talk;
Talk:[_, _, _, fetching_more] = Fetch -> Talk;
Talk:[_, _, _, draining] = Drain -> Talk;
Talk:[_, _, _, trading] = Trade -> Talk;
Talk:[_, _, _, retried] = Ask;
Talk:[_, _, _, _] = ;

typedef complaining IsComplaining;

Complain:[_, _, _, complaining] = LogPhp;
Complain:[_, _, _, _] = ;

// As many requests at once as php-fpm has processes (pm.max_children): a connection that is kept occupies one.
pool php: 5;
atomic Php: {php};

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

// The same for a script, and PHP: each time from the last byte that moved.
timeout InviteBody: 15s;
timeout GatherBody: 60s;
timeout ReachBackend: 15s;
timeout Tell: 60s;
timeout Hear: 60s;
timeout Pass: 60s;
timeout Fetch: 60s;
timeout Drain: 60s;
timeout Trade: 60s;

// ---- Where a flow waits. It holds no thread of a pool and no stack while it does. ----

wait AwaitRequest: {readable client};
wait ReadHead: {readable client};
wait ReadBody: {readable client};
wait Encourage: {writable client};
wait Send: {writable client};
wait Linger: {readable client};

wait InviteBody: {writable client};
wait GatherBody: {readable client};
wait ReachBackend: {writable reply};
wait Tell: {writable reply, readable reply};
wait Hear: {readable reply};
wait Pass: {writable client, readable reply};
wait Fetch: {readable client, readable reply};
wait Drain: {writable client};
wait Trade: {writable client, readable client};

// May go to the disk.
blocking FindFile;
blocking WriteLog;
blocking FindScript;
blocking LogPhp;

// ---- What happens when something goes wrong. ----

// A request that cannot be understood or does not arrive in time gets an answer that says so (400, 408, …).
// A connection on which no request comes just ends: there is no handler for AwaitRequest.
handle error ReadHead => Refuse;
handle error ReadBody => Refuse;

Refuse = Explain -> Send -> LogRefusal -> Finish -> Linger;
LogRefusal:[_, _, _, logged] = AppendToLog;
LogRefusal:[_, _, _, _] = ;

handle error InviteBody => Refuse;
handle error GatherBody => Refuse;

// PHP took too long (504), or failed in a way that is no answer.
handle error Ask => GiveUp;

GiveUp = GiveUpPhp -> Complain -> Send -> LogRefusal -> Finish -> Linger;

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

FindScript (web::client client, web::input input, web::request request)
  => (web::client client, web::input input, web::request request, web::reply reply);

InviteBody (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

GatherBody (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

PhraseRequest (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

TakeBackend (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

ReachBackend (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Tell (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Hear (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Pass (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Fetch (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Drain (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

Trade (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

LeaveBackend (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

LogPhp (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

ConcludePhp (web::client client, web::input input, web::request request, web::reply reply)
  => (web::client client, web::input input, web::request request, web::reply reply);

GiveUpPhp (web::client client, web::input input, web::request request, web::reply reply, int error)
  => (web::client client, web::input input, web::request request, web::reply reply);

DropIdle () => ();

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
