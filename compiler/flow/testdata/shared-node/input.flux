// `Reply` is lowered once and returns to whoever used it; nothing branches inside, so paths cost nothing there.
include "nodes.h";

Listen () => (int socket);
Find (int socket) => (int socket, page found);
Refuse (int socket) => (int socket, page found);
Write (int socket, page found) => (int socket);
Log (int socket) => ();

source Listen => Page;
typedef known IsKnown;
Page:[known] = Find -> Reply;
Page:[_] = Refuse -> Reply;
Reply = Write -> Log;
