include "image.h";
Listen () => (int socket);
Read (int socket) => (int socket);
Write (int socket) => (int socket);
typedef again WantsMore;
source Listen => Page;
Page = Read -> Choose -> Write;
Choose:[again] = Page;
Choose:[_] = ;
