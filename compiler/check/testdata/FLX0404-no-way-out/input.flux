include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
source Listen => Connection;
Connection = Read -> Connection;
