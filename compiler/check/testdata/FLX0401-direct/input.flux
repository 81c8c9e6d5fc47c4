include "image.h";
Listen () => (int socket);
Write (int socket) => (int socket);
source Listen => Page;
Page = Page -> Write;
