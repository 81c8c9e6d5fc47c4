include "ledger.h";

// Every half second a flow that holds a constraint for far too long: for the watchdog.
source Tick every 500ms => Post;
limit Tick: 2;
Post () => ();
blocking Post;
atomic Post: {ledger};
