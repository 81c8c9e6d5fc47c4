include "image.h";
Read (int socket) => (int socket);
Write (int socket) => ();
Page = Read -> Write;
