include "nodes.h";

Listen () => (int socket, int from, int to);
Tick () => (int socket);
Move (int socket, int from, int to) => ();
Sweep (int socket) => ();

source Listen => Move;
source Tick => Sweep;

atomic Move: {account[from], account?[to]};
atomic Sweep: {account};
