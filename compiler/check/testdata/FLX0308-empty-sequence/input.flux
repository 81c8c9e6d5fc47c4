include "image.h";
Listen () => (int socket);
Pass (int socket) => (int socket, bool close);
Write (int socket, bool close) => ();
source Listen => Page;
Page = Pass -> Write;
Pass = ;
