include "image.h";
Listen () => (int socket);
Read (int socket, char *name) => ();
Pair (int socket) => (int socket, char *name);
source Listen => Page;
Page = Pair -> Read;
wait Read: {readable sokcet};
wait Pair: {readable listener};
