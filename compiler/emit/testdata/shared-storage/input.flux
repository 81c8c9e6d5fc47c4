// A timer's flow beside that of a connection: their variables are never alive together and lie in one place.
include "nodes.h";

source Listen => Answer;
wait Listen: {readable listener};

source Second every 1s => Flush;

Answer = Read -> Write;
Flush = Take -> Save;

Listen () => (flux::socket client);
Read (flux::socket client) => (flux::socket client, std::string words);
Write (flux::socket client, std::string words) => ();
wait Read: {readable client};
timeout Read: 5s;
handle error Read => Sorry;

Take () => (std::vector<std::string> lines);
Save (std::vector<std::string> lines) => ();
