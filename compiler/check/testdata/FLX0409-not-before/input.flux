include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Check (int socket) => (int socket);
Write (int socket) => ();
source Listen => Page;
Page = Read -> Check -> Write;
handle error Listen -> Page -> Read -> Write => FourOhFour;
