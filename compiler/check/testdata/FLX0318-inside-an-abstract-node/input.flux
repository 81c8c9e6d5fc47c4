include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket, char *line);
Reply (int socket, char *line) => ();
source Listen => Page;
Page = Read -> Reply;
handle error Page => Close;
Close (int socket, char *line, int error) => ();
