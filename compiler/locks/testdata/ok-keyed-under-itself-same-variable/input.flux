include "nodes.h";

Listen () => (int socket, int id);
Load (int socket, int id) => (int socket, int id);
Change (int socket, int id) => (int socket, int id);
Send (int socket, int id) => ();

source Listen => Page;

typedef big IsBig;
Page = Both -> Send;
Both = Load -> Deeper;
Deeper:[_, big] = ;
Deeper:[_, _] = Change -> Load;
atomic Both: {page[id]};
atomic Load: {page?[id]};
atomic Change: {page[id]};
atomic Send: {page?[id]};
