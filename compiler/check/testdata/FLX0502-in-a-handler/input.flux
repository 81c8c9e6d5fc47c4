include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => ();
source Listen => Page;
Page = Read -> Write;
handle error Read => LogOut;
atomic LogOut: {user(session)};
LogOut (int socket, int error) => ();
