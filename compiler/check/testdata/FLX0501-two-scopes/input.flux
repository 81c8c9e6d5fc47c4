include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => ();
source Listen {session: SessionOf} => Page;
Page = Read -> Write;
atomic Read: {cache(session)};
atomic Write: {cache?};
