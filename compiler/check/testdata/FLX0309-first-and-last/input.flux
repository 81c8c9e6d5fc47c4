include "image.h";
Listen () => (int socket);
Page (int socket) => (int socket);
Read (int socket, bool close) => (int socket);
Write (int socket) => ();
source Listen => Page;
Page = Read -> Write;
