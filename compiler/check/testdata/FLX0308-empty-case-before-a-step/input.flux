include "a.h";
typedef hit IsHit;
Listen () => (int socket, char *page);
Read (int socket, char *page) => (int socket);
Send (int socket, char *page) => ();
Page = Choose -> Send;
Choose:[_, hit] = ;
Choose:[_, _] = Read;
source Listen => Page;
