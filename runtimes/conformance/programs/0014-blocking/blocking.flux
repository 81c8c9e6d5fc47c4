include "blocking.hpp";

// Nodes that may block: on runtimes that must not, a helper calls them. Nothing else is different.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 4;

Feed () => (int number);
Flow = Make -> Kind -> Change -> Rounds -> Show;
Make (int number) => (int number, std::string text, std::unique_ptr<counted> owned);
Change (int number, std::string text, std::unique_ptr<counted> owned) => (int number, std::string text, std::unique_ptr<counted> owned, int left);
Show (int number, std::string text, std::unique_ptr<counted> owned, int left) => ();

Kind:[throws, _, _] = Throw;
Kind:[fails, _, _] = Fail;
Kind:[_, _, _] = ;
Throw (int number, std::string text, std::unique_ptr<counted> owned) => (int number, std::string text, std::unique_ptr<counted> owned);
Fail (int number, std::string text, std::unique_ptr<counted> owned) => (int number, std::string text, std::unique_ptr<counted> owned);

// A helper in a loop, holding a constraint.
Rounds = Work -> RoundsNext;
RoundsNext:[_, _, _, zero] = ;
RoundsNext:[_, _, _, _] = Rounds;
Work (int number, std::string text, std::unique_ptr<counted> owned, int left) => (int number, std::string text, std::unique_ptr<counted> owned, int left);
atomic Work: {bench};

blocking Make;
blocking Change;
blocking Throw;
blocking Fail;
blocking Work;
blocking Sorry;

handle error Throw => Sorry;
handle error Fail => Sorry;
Sorry (int number, std::string text, int error) => ();

typedef throws IsThrowing;
typedef fails IsFailing;
typedef zero IsZero;
