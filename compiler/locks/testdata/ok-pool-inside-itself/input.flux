include "nodes.h";

Listen () => (int socket);
Query (int socket) => (int socket);
Ping (int socket) => (int socket);

source Listen => Page;

Page = Ask -> Query;
Ask = Query -> Ping;
pool db: 8;
atomic Ask: {db};
atomic Query: {db};
atomic Ping: {db, log};
