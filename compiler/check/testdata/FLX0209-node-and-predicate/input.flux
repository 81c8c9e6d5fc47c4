include "image.h";
Listen () => (int socket);
InCache (int socket) => ();
Page (int socket) => ();
typedef hit InCache;
source Listen => Choose;
Choose:[hit] = InCache;
Choose:[_] = Page;
