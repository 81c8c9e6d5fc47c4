include "image.h";
Listen () => (int socket);
Small (int socket) => ();
Large (int socket) => ();
typedef tiny IsTiny;
source Listen => Page;
Page:[_] = Large;
Page:[tiny] = Small;
