// A source that is faster than its flows: it waits while the queue is full, and flows run in the order they were started.

include "feed.hpp";

source Feed => Serve;
Feed () => (int number);
Serve (int number) => ();
