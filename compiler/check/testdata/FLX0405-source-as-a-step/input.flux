include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
source Listen => Page;
Page = Read -> Again;
Again = Listen;
