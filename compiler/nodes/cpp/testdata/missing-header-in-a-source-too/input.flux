include "node.h";

source Make => Use;

Make () => (int number);
Use (int number) => ();
