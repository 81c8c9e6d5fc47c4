include "image.h";
Listen () => (int socket);
Page (int socket) => ();
Read (int socket) => (int socket);
typedef closing IsClosing;
Connection = Read -> Next;
Next:[closing] = Page;
Next:[_] = Connection;
source Listen => Page;
