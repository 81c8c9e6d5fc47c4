include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket, std::string line);
Reply (int socket, const std::string &line) => ();
source Listen => Page;
Page = Read -> Reply;
