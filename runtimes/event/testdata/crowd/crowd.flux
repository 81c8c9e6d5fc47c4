// Visitors come from a source that may block, so its thread hands them to the loops. Each rests at a helper; a restless one goes round and
// round until the others have left.

include "crowd.hpp";

source Next => Visit;

Visit = Turn -> Choose;
typedef restless IsRestless;
Choose:[restless] = Visit;
Choose:[_] = Rest -> Leave;

blocking Rest;

Next () => (int number);
Turn (int number) => (int number);
Rest (int number) => (int number);
Leave (int number) => ();
