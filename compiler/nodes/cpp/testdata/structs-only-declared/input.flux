include "nodes.h";

source Make => Flow;
Flow = Both -> Use;

Make () => (int number);
Both (int number) => (int number, bool odd);
Use (int number, bool odd) => ();
