include "store.h";
Listen () => (int socket, Key key);
Put (int socket, Key key) => ();
source Listen => Put;
atomic Put: {bucket[kye]};
