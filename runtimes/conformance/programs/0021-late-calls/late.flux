include "late.hpp";

// A limit that strikes while a `blocking` node waits for a helper; one that strikes later leaves the node alone.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;
Feed () => (int number);
Flow = Before -> Work -> After;
Before (int number) => (int number, std::unique_ptr<counted> owned);
Work (int number, std::unique_ptr<counted> owned) => (int number, std::unique_ptr<counted> owned, counted made);
After (int number, std::unique_ptr<counted> owned, counted made) => ();

blocking Work;
timeout Work: 100ms;
atomic Work: {bench};
atomic Before: {bench};
handle error Work => Late;
Late (int number, std::unique_ptr<counted> owned, int error) => ();
