// A node that blocks, where nothing may block: a helper runs it while the flow is parked.
include "nodes.h";

source Make => Flow;
Flow = Burn -> Drop;
blocking Burn;
blocking Sorry;
timeout Flow: 2s;
handle error Burn => Sorry;

Make () => (int number);
Burn (int number) => (int number, std::string text);
Drop (int number, std::string text) => ();
Sorry (int number, int error) => ();
