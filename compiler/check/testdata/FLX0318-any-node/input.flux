include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Listen => Page;
handle error * => LogIt;
LogIt (int socket, int error) => ();
