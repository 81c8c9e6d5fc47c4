include "left.hpp";

// The server stops while a source is inside its function: what it still returns starts no flow, and no handler runs, which would
// be beside `finish`. An argument says which source is inside, and how it returns.

// Returns a tuple, or fails.
source Direct => Serve;
limit Direct: 1;
Direct () => (int number, counted owned);
handle error Direct => Refused;
Refused (int error) => ();

// Abstract: its second node is not called any more, or is the one that is inside.
source Chain => Serve;
limit Chain: 1;
Chain = First -> Second;
First () => (int number);
Second (int number) => (int number, counted owned);
handle error Second => Late;
Late (int number, int error) => ();

// It waits, so it never blocks inside; the rule is the same.
source Waiting => Serve;
limit Waiting: 1;
Waiting () => (int number, counted owned);
wait Waiting: {readable bell};
handle error Waiting => Refused;

Serve (int number, counted owned) => ();
