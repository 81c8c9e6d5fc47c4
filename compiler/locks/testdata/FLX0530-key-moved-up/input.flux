include "nodes.h";

Listen () => (int socket, int id);
Load (int socket, int id) => (int socket, int id);
Send (int socket, int id) => (int socket, int id);
Count (int socket, int id) => (int socket, int id);
Log (int socket, int id) => ();

source Listen => Page;

Page = First -> Second -> Log;
First = Load -> Send;
Second = Count -> Load -> Load;
atomic First: {total};
atomic Send: {page?[id]};
atomic Second: {page[id]};
atomic Count: {total};
