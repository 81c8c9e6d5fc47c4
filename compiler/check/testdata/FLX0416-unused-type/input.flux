include "image.h";
Listen () => (int socket);
Page (int socket) => ();
typedef hit InCache;
source Listen => Page;
