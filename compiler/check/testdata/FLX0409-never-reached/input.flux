include "image.h";
Listen () => (int socket);
Page (int socket) => ();
Other (int socket) => ();
source Listen => Page;
handle error Other => LogIt;
