// `Gate` runs no node, but it waits for `door` and can run out of time. It has not what `Sorry` takes: no handler.
include "nodes.h";

Listen () => (int socket);
Read (int socket) => (request wanted);
Sorry (int socket, int error) => ();

source Listen => Page;
Page = Read -> Gate;
Gate (request wanted) => (request wanted);
Gate = ;
atomic Gate: {door};
timeout Gate: 1s;
handle error Page => Sorry;
