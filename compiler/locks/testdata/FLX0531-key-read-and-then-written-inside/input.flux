include "nodes.h";

Listen () => (int socket, int id, int other);
Load (int socket, int id, int other) => (int socket, int id, int other);
Drop (int socket, int id, int other) => (int socket, int id);
Store (int socket, int id) => (int socket, int id);
Send (int socket, int id) => ();

source Listen => Page;

Page = Cached -> Send;
Cached = Load -> Drop -> Deeper;
Deeper = Store;
atomic Cached: {page?[id], page?[other]};
atomic Load: {page?[other]};
atomic Store: {page[id]};
