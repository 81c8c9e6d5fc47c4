// Few descriptor numbers, used again and again: whoever closed the last connection of a number, the next one is seen.

include "reuse.hpp";

source Clients => Stop;
Clients () => (int connections);
Stop (int connections) => ();

source Listen => Connection;
wait Listen: {readable listener};
Listen () => (int client);

Connection = Read -> Answer;
Read (int client) => (int client, char how);
wait Read: {readable client};
Answer (int client, char how) => ();
handle error Read => Drop;
Drop (int client, int error) => ();
