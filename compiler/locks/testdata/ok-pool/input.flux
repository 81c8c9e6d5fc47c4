include "nodes.h";

Listen () => (int socket);
Query (int socket) => ();

source Listen => Query;
pool db: 8;
atomic Query: {db};
