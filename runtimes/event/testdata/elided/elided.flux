// Nothing here waits, so every constraint may be left out: which of them is depends on who runs its users, and the users of what is inside.
include "elided.h";

source Feed => Meal;
source Tick every 1ms => Beat;
source Tock every 1ms => Knock;
limit Tick: 2;

// Feed has no `wait`: it may block inside, and has a thread of its own.
Feed () => (int number);
Meal = Sit -> Eat;
Sit (int number) => (int number);
Eat (int number) => ();
Beat = Strike -> Echo -> Count;
Strike () => ();
Echo () => ();
Count () => ();
Knock () => ();

atomic Feed: {fed};
atomic Meal: {table};
atomic Eat: {fed, shared};
atomic Beat: {bell};
atomic Strike: {shared};
atomic Echo: {timers};
atomic Count: {beats};
atomic Knock: {timers};
