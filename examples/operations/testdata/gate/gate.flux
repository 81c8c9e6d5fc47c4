// Every request passes one gate, which takes its time: the others wait for the constraint.
include "gate.h";

source Listen => Serve;
wait Listen: {readable listener};

Serve = Read -> Hold -> Reply;

wait Read: {readable client};
atomic Hold: {gate};
blocking Hold;

Listen () => (flux::socket client);
Read (flux::socket client) => (flux::socket client);
Hold (flux::socket client) => (flux::socket client);
Reply (flux::socket client) => ();
