include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
source Listen => Page;
Page = Read -> Reply;
atomic Reply: {log};
blocking Reply;
