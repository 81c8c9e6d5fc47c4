include "constraints.hpp";

// Readers and writers, extents, re-entrance, and that every way out gives back what was taken.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Feed () => (int number);
Flow = Begin -> Exit -> Probe;
Begin (int number) => (int number, progress step);
// Needs everything as writer: what a flow before it had kept would stop it for ever.
Probe (int number, progress step) => ();
atomic Probe: {a, b, c};

// Every way out of an extent.
Exit:[one, _] = Works;
Exit:[two, _] = Fails;
Exit:[three, _] = Throws;
Exit:[four, _] = TimesOut;
Exit:[five, _] = Waits;
Exit:[six, _] = NoMatch;
Exit:[seven, _] = Loop;
Exit:[eight, _] = Outer;
Exit:[nine, _] = NextNode;
Exit:[ten, _] = Twice;
Exit:[eleven, _] = Holder -> Shared;
Exit:[twelve, _] = HandlerNeedsIt;
Exit:[_, _] = ;

Works (int number, progress step) => (int number, progress step);
atomic Works: {a, b?, c};
Fails (int number, progress step) => (int number, progress step);
atomic Fails: {a, b, c?};
Throws (int number, progress step) => (int number, progress step);
atomic Throws: {b!, a};
TimesOut (int number, progress step) => (int number, progress step);
atomic TimesOut: {c, a};
wait TimesOut: {readable step};
timeout TimesOut: 10ms;
Waits (int number, progress step) => (int number, progress step);
atomic Waits: {a?, b(program), c?(program)};
wait Waits: {readable step};
NoMatch:[impossible, _] = ;
atomic NoMatch: {a, c};

// A tail call out of two extents.
Loop = In -> LoopNext;
LoopNext:[_, enough] = ;
LoopNext:[_, _] = Loop;
In (int number, progress step) => (int number, progress step);
atomic Loop: {a};
atomic LoopNext: {b};

// Nested: a failure inside gives back all, the newest first.
Outer = Middle;
Middle = Inner;
Inner (int number, progress step) => (int number, progress step);
atomic Outer: {a};
atomic Middle: {b};
atomic Inner: {c};

// Between two extents nothing is held.
NextNode = First -> Second;
First (int number, progress step) => (int number, progress step);
Second (int number, progress step) => (int number, progress step);
atomic First: {c};
atomic Second: {a};

// Re-entrance: the same constraint at every level is taken once; as reader inside a writer too.
Twice = Again;
Again = AgainToo;
AgainToo (int number, progress step) => (int number, progress step);
atomic Twice: {a, b};
atomic Again: {a, b?};
atomic AgainToo: {a?, b, c};

// One node used by who holds its constraint and by who does not.
Holder = Shared;
atomic Holder: {a};
Shared = Careful;
Careful (int number, progress step) => (int number, progress step);
atomic Careful: {a, c};

// The handler takes what the failed node had.
HandlerNeedsIt = FailInside;
atomic HandlerNeedsIt: {a, b};
FailInside (int number, progress step) => (int number, progress step);
atomic FailInside: {c};
handle error FailInside => Repair;
Repair = Take -> Put;
Take (int number, progress step, int error) => (int number, progress step);
Put (int number, progress step) => ();
atomic Take: {a, b, c};
atomic Put: {c?};

handle error * => Failed;
handle error Fails => Told;
handle error Inner => Told;
handle error NoMatch => Told;
handle error TimesOut => Told;
Failed (int error) => ();
Told = Tell -> Probe;
Tell (int number, progress step, int error) => (int number, progress step);

typedef impossible Never;
typedef enough IsEnough;
typedef one Is1;
typedef two Is2;
typedef three Is3;
typedef four Is4;
typedef five Is5;
typedef six Is6;
typedef seven Is7;
typedef eight Is8;
typedef nine Is9;
typedef ten Is10;
typedef eleven Is11;
typedef twelve Is12;
