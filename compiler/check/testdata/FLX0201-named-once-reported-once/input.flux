include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
source Listen => Image;
Image = Read -> Compress -> Compress -> Compress;
