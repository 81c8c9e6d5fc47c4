include "image.h";
Listen () => (int socket);
Read (int socket) => ();
Write (int socket) => ();
source Listen => Page;
Page = Read;
Page = Write;
