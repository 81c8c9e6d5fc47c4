include "start.hpp";

// init and finish: what they are given, and what happens when the start goes wrong.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;
Feed () => (int number);
Flow (int number) => ();
