include "drain.hpp";

// The end of the drain: whatever is still parked is destroyed. Variables end, constraints are given back, no handler runs.

source Feed => Flow;
wait Feed: {readable feed};
Feed () => (int number);
Flow = Make -> Where;
Make (int number) => (int number, guest a, std::unique_ptr<counted> b);
Where:[one, _, _] = Waits;
Where:[two, _, _] = Holds;
Where:[three, _, _] = Queues;
Where:[four, _, _] = Limited -> Drop;
Where:[five, _, _] = Loops;
Where:[six, _, _] = Ends;
Where:[_, _, _] = Stop;
Waits (int number, guest a, std::unique_ptr<counted> b) => ();
wait Waits: {readable a};
Holds (int number, guest a, std::unique_ptr<counted> b) => ();
wait Holds: {readable a};
atomic Holds: {seat};
Queues (int number, guest a, std::unique_ptr<counted> b) => ();
atomic Queues: {seat?};
// Waits with what it has made so far.
Limited (int number, guest a, std::unique_ptr<counted> b) => (counted more, std::string text);
wait Limited: {readable a};
timeout Limited: 10m;
Drop (counted more, std::string text) => ();
// Parked in the third round of a loop, inside two extents.
Loops = Round -> Next;
Next:[six, _, _] = Ends;
Next:[_, _, _] = Loops;
Round (int number, guest a, std::unique_ptr<counted> b) => (int number, guest a, std::unique_ptr<counted> b);
wait Round: {readable a};
atomic Loops: {outer};
atomic Round: {inner};
Ends (int number, guest a, std::unique_ptr<counted> b) => ();
// Stops the server once the others are parked.
Stop (int number, guest a, std::unique_ptr<counted> b) => ();
wait Stop: {readable a};
timeout Stop: 100ms;
handle error Stop => Now;
handle error Waits => Never;
handle error Holds => Never;
handle error Queues => Never;
handle error Limited => Never;
handle error Round => Never;
Now (int number, int error) => ();
Never (int number, int error) => ();

typedef one Is1;
typedef two Is2;
typedef three Is3;
typedef four Is4;
typedef five Is5;
typedef six Is6;
