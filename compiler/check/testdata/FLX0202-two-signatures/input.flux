include "image.h";
Listen () => (int socket);
Page (int socket) => ();
Page (int socket, bool close) => ();
source Listen => Page;
