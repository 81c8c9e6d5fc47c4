include "nodes.h";

Listen () => (int socket, int id);
Find (int socket, int id) => (int socket, int other);
Send (int socket, int other) => (int socket, int id);
Count (int socket, int id) => (int socket, int id);
Load (int socket, int id) => (int socket, int id);
Log (int socket, int id) => ();

source Listen => Page;

Page = First -> Second -> Log;
First = Find -> Send;
Second = Count -> Load -> Load -> Load;
atomic First: {total};
atomic Send: {page[other]};
atomic Second: {page[id]};
atomic Count: {total};
