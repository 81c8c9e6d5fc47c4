include "store.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Put (int socket) => ();
source Listen => Store;
Store = Read -> Put;
blocking Put;
atomic Read: {table?};
atomic Put: {table};
