include "stopping.hpp";

// The stop: sources are called no more, flows that wait are called once more, and one with half a request goes on.

source Feed => Flow;
wait Feed: {readable feed};
Feed () => (visitor number);
Flow = Which;
Which:[one] = Idle;
Which:[two] = Half -> Drop;
Which:[three] = Patient;
Which:[_] = Stop;
// Has nothing of a request: fails.
Idle (visitor number) => ();
wait Idle: {readable number};
// Has half of one: waits for the rest, which comes.
Half (visitor number) => (int calls);
Drop (int calls) => ();
wait Half: {readable number};
// Does not care, and ends by its own limit, its constraint given back.
Patient (visitor number) => ();
wait Patient: {readable number};
timeout Patient: 300ms;
atomic Patient: {seat};
Stop (visitor number) => ();
handle error Idle => Cancelled;
Cancelled (visitor number, int error) => ();
handle error Patient => Out;
Out (visitor number, int error) => ();
atomic Out: {seat};

typedef one Is1;
typedef two Is2;
typedef three Is3;

source Tick every 20ms => Beat;
Beat () => ();
