include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => ();
source Listen => Image;
Image = Read -> Wriet;
