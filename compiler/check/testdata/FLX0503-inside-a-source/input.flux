include "image.h";
GetClients () => (int clients);
Select (int clients) => (int socket);
Page (int socket) => ();
Listen = GetClients -> Select;
source Listen {session: SessionOf} => Page;
atomic Select: {user(session)};
atomic Page: {user(session)};
