include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => (int socket);
Close (int socket) => ();
source Listen => Page;
Page = Read -> Send -> Close;
Send = Write;
handle error Page -> Write => FourOhFour;
