include "store.h";
Listen () => (int socket, std::string key);
Put (int socket, std::string key) => ();
source Listen {session: SessionOf} => Put;
atomic Put: {bucket[key](session)};
