include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Listen => Page;
handle error Page => NotFound;
NotFound = FourOhFour -> Write;
FourOhFour (int socket, char *title, int error) => (int socket);
Write (int socket) => ();
