include "image.h";
Listen () => (int socket, bool close);
Small (int socket, bool close) => ();
Large (int socket) => ();
typedef tiny IsTiny;
source Listen => Page;
Page:[_, tiny] = Small;
Page:[_, _] = Large;
