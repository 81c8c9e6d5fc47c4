include "image.h";
Listen () => (int socket);
Read (int socket) => (std::string line);
Reply (std::string line) => (int socket);
Close (int socket) => ();
Pass = ;
source Listen => Page;
Page = Read -> Pass -> Reply -> Pass -> Close;
