include "image.h";
Listen () => (int socket, bool socket);
Page (int socket, bool close) => ();
source Listen => Page;
