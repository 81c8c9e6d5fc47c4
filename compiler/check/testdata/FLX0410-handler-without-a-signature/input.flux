include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Listen => Page;
handle error Page => FourOhFour;
wait FourOhFour: {writable socket};
