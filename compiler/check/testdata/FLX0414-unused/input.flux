include "image.h";
Listen () => (int socket);
Page (int socket) => ();
Old (int socket) => (int socket);
Older = Old -> Page;
source Listen => Page;
