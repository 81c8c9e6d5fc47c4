include "store.h";
Listen () => (int socket, std::string key);
Get (int socket, std::string key) => (int socket, std::string key);
Put (int socket, std::string key) => ();
source Listen => Store;
Store = Get -> Put;
atomic Get: {bucket?[key]};
atomic Put: {bucket[socket]};
