include "nodes.h";

Listen () => (int socket);
Load (int socket) => (int socket);
Count (int socket) => (int socket);

source Listen {session: SessionOf} => Page;

Page = First -> Second;
First = Load;
Second = Count;
pool db: 2;
atomic First: {mine(session)};
atomic Load: {db};
atomic Second: {db};
atomic Count: {mine(session)};
