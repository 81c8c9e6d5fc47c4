// Two sources share a loop: it is cut out, with path numbers of its own.
include "nodes.h";

Plain () => (int socket);
Secure () => (int socket);
Work (int socket) => (int socket);

source Plain => Connection;
source Secure => Connection;
typedef more IsMore;
Connection = Work -> Next;
Next:[more] = Connection;
Next:[_] = ;
