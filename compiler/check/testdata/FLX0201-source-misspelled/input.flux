include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Lisen => Page;
