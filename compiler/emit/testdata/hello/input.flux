// The smallest server.
include "nodes.h";

source Listen => Hello;
wait Listen: {readable listener};

Hello = Greet -> Close;

Listen () => (flux::socket client);
Greet (flux::socket client) => (flux::socket client, int written);
Close (flux::socket client, int written) => ();
wait Greet: {writable client};
timeout Greet: 5s;
handle error Greet => Sorry;
