include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket, char *line);
Reply (int socket, std::string line) => ();
source Listen => Page;
Page = Read -> Reply;
