include "image.h";
Listen () => (int socket, double ratio, char *name, Connection *peer);
Page (int socket, double ratio, char *name, Connection *peer) => ();
source Listen => Page;
wait Page: {readable socket, writable ratio, readable name, readable peer};
