include "image.h";
Listen () => (int socket, bool secure);
Read (int socket) => ();
source Listen => Page;
Page = Read;
