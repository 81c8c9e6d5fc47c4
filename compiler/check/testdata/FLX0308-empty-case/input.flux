include "image.h";
Listen () => (int socket);
Fetch (int socket) => (int socket, char *page);
Write (int socket, char *page) => ();
typedef hit InCache;
source Listen => Page;
Page = Lookup -> Write;
Lookup:[hit] = ;
Lookup:[_] = Fetch;
