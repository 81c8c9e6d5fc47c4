include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => ();
source Listen => Page;
Page = Read -> Write;
atomic Read: {user(session)};
atomic Write: {user(session)};
