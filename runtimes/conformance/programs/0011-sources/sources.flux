include "sources.hpp";

// Several sources: limits, failures and their handlers, abstract sources, sessions, `again` with and without a `wait`.

// At most two flows at once; at the limit it is not called.
source Crowd => Stay;
limit Crowd: 2;
Crowd () => (int number);
wait Crowd: {readable crowd};
Stay = Arrive -> Wait;
Arrive (int number) => (int number, int door);
Wait (int number, int door) => ();
wait Wait: {readable door};
timeout Wait: 30ms;
handle error Wait => Gone;
Gone (int number, int error) => ();

// Fails often; its handler runs each time, and no flow starts.
source Flaky => Take;
limit Flaky: 1;
Flaky () => (int number);
handle error Flaky => NotYet;
Take (int number) => ();

// Abstract: three nodes, a constraint that is given back before the flow starts, a dispatch, an error in the middle.
source Chain => Link;
limit Chain: 1;
Chain = Get -> Judge -> Stamp;
Get () => (int number);
wait Get: {readable links};
Judge:[odd] = Square;
Judge:[_] = ;
Square (int number) => (int number);
Stamp (int number) => (int number, std::string stamp);
atomic Chain: {chain};
atomic Square: {chain?};
handle error Judge -> Square => Refused;
Refused (int number, int error) => ();
Link (int number, std::string stamp) => ();
atomic Link: {chain};

// With a session; the function throws for 2, which starts no flow.
source Member {session: IdOf} => Greet;
limit Member: 1;
Member () => (int number);
wait Member: {readable members};
Greet (int number) => ();

typedef odd IsOdd;
