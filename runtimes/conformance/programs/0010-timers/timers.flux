include "timers.hpp";

// Timer sources: no function, no inputs; the period, ticks that are dropped, a limit of their own.

source Fast every 20ms => Beat;
source Slow every 100ms => Measure;
source Lazy every 20ms => Rest;
source Wide every 10ms => Nap;
limit Wide: 3;
source Failing every 20ms => Fail;

Beat () => ();
Measure () => ();

// Takes 70 ms: the ticks meanwhile are dropped.
Rest = Bed -> Sleep;
Bed () => (int bed);
Sleep (int bed) => (int rounds);
wait Sleep: {readable bed};
timeout Sleep: 70ms;
handle error Sleep => Slept;

// At most three at once.
Nap = Enter -> Doze;
Enter () => (int mine, int bed);
Doze (int mine, int bed) => ();
wait Doze: {readable bed};
timeout Doze: 100ms;
handle error Doze => Awake;

// A failure ends its own flow, no other.
Fail () => ();
