include "image.h";
Listen () => (int socket, unsigned int, image_tag *, bool);
source Listen => Page;
Page (int socket) => ();
