include "nodes.h";

GetClients () => (fds clients);
Select (fds clients) => (int socket);
Check (int socket) => (int socket);
Serve (int socket) => ();
Complain (int error) => ();

source Listen {session: SessionOf} => Serve;
Listen = GetClients -> Select -> Check;
atomic Check: {seen};
handle error Select => Complain;
