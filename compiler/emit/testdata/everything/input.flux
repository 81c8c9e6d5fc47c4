// One program with every kind of step: to see what each becomes.
include "nodes.h";

source Listen {session: SessionOf} => Connection;
source Tick every 50ms => Sweep;
wait Listen: {readable net::listener};
limit Listen: 1000;
limit Tick: 2;

// A loop, with a limit for each round, and a constraint around it.
Connection = Read -> Answer -> Next;
timeout Connection: 1m;
typedef closing IsClosing;
typedef cached IsCached;
Next:[_, closing, _] = Close;
Next:[_, _, _] = Connection;

// A dispatch without a catch-all: it can fail with no_match.
Answer:[_, _, cached] = Look -> Reply;
Answer:[_, closing, _] = Fetch -> Reply;

// Used twice: one copy of its code, and a return value in the record.
Reply = Format -> Write;
atomic Look: {table?};
atomic Fetch: {table, log};
atomic Write: {log?};
atomic Sweep: {table};

wait Read: {readable client, writable client};
wait Write: {writable client};
timeout Read: 15s;
timeout Write: 10s;
blocking Fetch;

// Abstract and concrete handlers, one with a signature.
handle error Read => Refuse;
handle error Fetch => NotFound;
handle error Close => Log;
handle error * => Count;
Refuse = Explain -> Reply -> Drop;

Listen () => (flux::socket client, bool close, std::string page);
Read (flux::socket client, bool close, std::string page) => (flux::socket client, bool close, std::string page);
Look (flux::socket client, bool close, std::string page) => (flux::socket client, bool close, std::string page);
Fetch (flux::socket client, bool close, std::string page) => (flux::socket client, bool close, std::string page);
Format (flux::socket client, bool close, std::string page) => (flux::socket client, bool close, std::string page, request request);
Write (flux::socket client, bool close, std::string page, request request) => (flux::socket client, bool close, std::string page);
Close (flux::socket client, bool close, std::string page) => ();
Explain (flux::socket client, bool close, std::string page, int error) => (flux::socket client, bool close, std::string page);
Drop (flux::socket client, bool close, std::string page) => ();
NotFound (flux::socket client, int error) => ();
Sweep () => ();
