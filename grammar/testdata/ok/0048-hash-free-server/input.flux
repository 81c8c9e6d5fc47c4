include "server.h";
link "openssl";

Accept () => (flux::socket client);
ReadRequest (flux::socket client, Buffer buffer) => (flux::socket client, Buffer buffer, bool close);
Reply (flux::socket client, Buffer buffer, bool close) => (flux::socket client, Buffer buffer, bool close);

source Accept {session: ClientId} => Connection;
limit Accept: 10000;

// A connection serves requests until one closes it.
Connection = ReadRequest -> Reply -> Next;
typedef closing IsClosing;
Next:[_, _, closing] = Close;
Next:[_, _, _] = Drop -> Connection;

wait Accept: {readable listener};
wait ReadRequest: {readable client};
wait Reply: {writable client};
timeout ReadRequest: 15s;
blocking LoadPage;
pool db: 8;
atomic LoadPage: {db, cache?};
atomic Reply: {log[client](session)};

source Tick every 50ms => Sweep;
handle error Connection -> ReadRequest => BadRequest;
handle error * => LogIt;
