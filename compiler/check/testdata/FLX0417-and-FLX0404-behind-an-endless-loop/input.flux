include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Close (int socket) => ();
source Listen => Page;
Page = Connection -> Close;
Connection = Read -> Connection;
