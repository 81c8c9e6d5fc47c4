include "nodes.h";

Listen () => (int socket);
Count (int socket) => (int socket);
Again (int socket) => (int socket);
Alone (int socket) => ();

source Listen {session: SessionOf} => Page;

Page = Total -> Alone;
Total = Count -> Own;
Own = Again;
atomic Total: {all};
atomic Count: {mine(session)};
atomic Own: {mine?(session)};
atomic Again: {mine(session)};
atomic Alone: {mine?(session)};
