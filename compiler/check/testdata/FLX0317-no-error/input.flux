include "image.h";
Listen () => (int socket, bool close);
Page (int socket, bool close) => ();
source Listen => Page;
handle error Page => FourOhFour;
FourOhFour (int socket) => ();
