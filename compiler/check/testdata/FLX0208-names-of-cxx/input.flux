include "image.h";
Listen () => (int socket, int class);
new (int socket, int flux) => (int socket);
main (int socket) => ();
source Listen => Page;
Page = new -> main;
typedef delete IsOld;
pool default: 4;
