include "nodes.h";

source Make => Flow;
Flow = Change -> Wait -> End;

Make () => (seed first, noisy loud);
Change (seed first, noisy loud) => (hidden secret, noisy loud);
Wait (hidden secret, noisy loud) => (hidden secret, noisy loud);
End (hidden secret, noisy loud) => ();
wait Wait: {readable loud};
