include "nodes.h";

Listen () => (int socket, int id);
Accept () => (int socket, int id);
Load (int socket, int id) => (int socket, int id);
Drop (int socket, int id) => ();
Send (int socket, int id) => ();

source Listen => Page;
source Accept => Clear;

Page = Held -> Read -> Send;
Held = Read -> Read;
Read = Load;
Clear = Read -> Drop;
atomic Held: {page[id]};
atomic Read: {page?[id]};
atomic Drop: {page};
