// A web server's loop: blocks as a person would have written them.
include "nodes.h";

Listen () => (flux::socket client);
ReadRequest (flux::socket client) => (flux::socket client, request wanted);
Reply (flux::socket client, request wanted) => (flux::socket client, bool close);
Close (flux::socket client, bool close) => ();
Forget (flux::socket client, bool close) => (flux::socket client);

source Listen => Connection;
wait Listen: {readable listener};

Connection = ReadRequest -> Reply -> Next;
typedef closing IsClosing;
Next:[_, closing] = Close;
Next:[_, _] = Forget -> Connection;

wait ReadRequest: {readable client};
timeout ReadRequest: 15s;
wait Reply: {writable client};
