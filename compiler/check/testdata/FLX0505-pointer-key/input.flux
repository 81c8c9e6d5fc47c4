include "store.h";
Listen () => (int socket, const char *key);
Put (int socket, const char *key) => ();
source Listen => Put;
atomic Put: {bucket[key]};
