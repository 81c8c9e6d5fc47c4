include "store.h";
Listen () => (int socket);
Put (int socket) => ();
source Listen => Put;
pool db: 8;
