include "image.h";
Listen () => (int socket);
Read (int socket) => ();
finish () => ();
source Listen => Page;
Page = Read -> finish;
