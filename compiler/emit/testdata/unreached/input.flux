// Nothing leads to `Dead`: what it asks for is in the order, and no flow ever acquires it.
include "nodes.h";

source Feed {session: Id} => Use;

Feed () => (int number);
Use (int number) => ();
Dead (int number) => ();

atomic Dead: {log, page[number], visits(session)};
