include "pools.hpp";

// A pool lets as many in as it has units: three meet inside, a fourth waits; a nested use takes none; a unit comes back from every way out.

source Feed => Flow;
wait Feed: {readable never};
limit Feed: 6;

pool connection: 3;
pool one: 1;

Feed () => (int number, int bell, int silence);
Flow = Meet -> Exit -> Outer -> Probe;

// Flows 1 to 3 wait for each other inside.
Meet (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Meet: {connection};
wait Meet: {readable bell};

Exit:[fails, _, _] = Fails;
Exit:[late, _, _] = Late;
Exit:[_, _, _] = ;
Fails (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Fails: {one, connection};
Late (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Late: {connection, one};
wait Late: {readable silence};
timeout Late: 5ms;

// One unit is all there is.
Outer = Inner;
atomic Outer: {one};
Inner (int number, int bell, int silence) => (int number, int bell, int silence);
atomic Inner: {one, connection, table};

Probe (int number, int bell, int silence) => ();
atomic Probe: {one, table?};

handle error Fails => Told;
handle error Late => Told;
Told (int number, int error) => ();
atomic Told: {one, connection};

typedef fails Is4;
typedef late Is6;
