include "nodes.h";

Listen () => (int socket);
Open (int socket) => (int socket, int id);
Find (int socket, int id) => (int socket, int id, int next);
Link (int socket, int id, int next) => ();

source Listen => Page;

Page = Open -> Chain;
Chain = Find -> Link;
atomic Chain: {node[id]};
atomic Link: {node[next]};
