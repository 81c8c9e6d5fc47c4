include "store.h";
Listen () => (int socket);
Get (int socket) => (int socket);
Put (int socket) => ();
source Listen => Store;
Store = Get -> Put;
atomic Get: {table?, table};
atomic Put: {table, table};
