include "image.h";
Listen () => (int socket);
Read (int socket) => ();
Write (int socket) => ();
source Listen => Page;
Page:[_] = Write;
Page = Read;
