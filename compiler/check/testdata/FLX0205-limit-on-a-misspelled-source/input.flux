include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Listen => Page;
limit Listne: 100;
