include "nodes.h";

Listen () => (int socket);
Count (int socket) => ();

source Listen {session: SessionOf} => Count;
atomic Count: {total(session)};
