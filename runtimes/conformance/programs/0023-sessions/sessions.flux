include "sessions.hpp";

// One lock for each session: flows of two sessions are inside together, two of one session never, and every way out gives it back.

source Feed {session: SessionOf} => Flow;
wait Feed: {readable never};
limit Feed: 4;

Feed () => (int number, int bell, int silence);
Flow = Meet -> Add -> Look -> Exit -> Probe;

// The first two flows wait for each other inside, each in its own session.
Meet (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Meet: {desk(session)};
wait Meet: {readable bell};

Add (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Add: {desk(session)};
Look (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Look: {desk(session)?, hall?};

Exit:[fails, _, _] = Fails;
Exit:[throws, _, _] = Outer;
Exit:[late, _, _] = Late;
Exit:[again, _, _] = Loop;
Exit:[_, _, _] = ;
Fails (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Fails: {desk(session), hall};

// Held around, and asked for again inside: one acquisition.
Outer = Throws;
Throws (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Outer: {desk(session)};
atomic Throws: {desk(session)?, hall};

Late (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Late: {hall?, desk(session)};
wait Late: {readable silence};
timeout Late: 5ms;

// A tail call leaves the extent.
Loop = Step -> LoopNext;
LoopNext:[odd, _, _] = ;
LoopNext:[_, _, _] = Loop;
Step (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Loop: {desk(session)};
atomic LoopNext: {hall};

Probe (int number, int bell, int silence) => ();
atomic Probe: {desk(session), hall};

// It keeps the session of the flow that failed, and holds nothing at first.
handle error Fails => Told;
handle error Throws => Told;
handle error Late => Told;
Told (int number, int error) => ();
atomic Told: {desk(session), hall};

typedef fails Is3;
typedef throws Is4;
typedef late Is5;
typedef again Is6;
typedef odd IsOdd;
