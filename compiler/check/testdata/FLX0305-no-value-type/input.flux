include "image.h";
Listen () => (void socket);
Page (void) => ();
Write (static int socket) => ();
source Listen => Page;
