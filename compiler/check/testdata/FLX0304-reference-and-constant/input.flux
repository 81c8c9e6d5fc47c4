include "image.h";
Listen () => (std::string &line, const int socket, char *const name, const char *title);
Page (int socket) => ();
source Listen => Page;
