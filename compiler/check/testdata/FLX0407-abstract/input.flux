include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => ();
source Listen => Page;
Page = Read -> Write;
blocking Page;
wait Page: {readable socket};
