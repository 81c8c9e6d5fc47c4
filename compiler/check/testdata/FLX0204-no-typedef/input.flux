include "image.h";
Listen () => (int socket);
Small (int socket) => ();
Large (int socket) => ();
source Listen => Page;
Page:[huge] = Large;
Page:[_] = Small;
