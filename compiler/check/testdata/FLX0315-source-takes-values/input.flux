include "image.h";
Listen (int port) => (int socket);
Page (int socket) => ();
source Listen => Page;
