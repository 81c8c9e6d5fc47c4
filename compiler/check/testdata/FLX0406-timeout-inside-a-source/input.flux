include "image.h";
GetClients () => (int clients);
Select (int clients) => (int socket);
Page (int socket) => ();
Listen = GetClients -> Select;
source Listen => Page;
timeout Select: 15s;
