// Nothing here parks, so every constraint may be left out: which of them is depends on who runs its users.
include "elided.h";

source Feed => Eat;
source Tick every 1ms => Beat;
source Tock every 1ms => Knock;

// Feed has no `wait`: it may block inside, and has a thread of its own.
Feed () => (int number);
Eat (int number) => ();
Beat () => ();
Knock () => ();

atomic Feed: {fed};
atomic Eat: {shared};
atomic Beat: {beats, shared, timers};
atomic Knock: {fed, timers};
