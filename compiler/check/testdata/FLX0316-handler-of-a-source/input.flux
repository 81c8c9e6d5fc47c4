include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Listen => Page;
handle error Listen => Report;
Report (int socket, int error) => ();
