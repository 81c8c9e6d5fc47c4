include "image.h";
Listen () => (int socket);
Small (int socket) => ();
typedef hit InCache;
source Listen => Page;
Page:[_, hit] = Small;
Page:[_] = Small;
