// One key while `Take` blocks would hold up few; all of them hold up everybody.
include "nodes.h";

Listen () => (int from, int to);
Take (int from, int to) => (int from, int to);
Put (int from, int to) => ();

source Listen => Transfer;
Transfer = Take -> Put;
blocking Take;
atomic Transfer: {account[from]};
atomic Put: {account[to]};
