include "values.hpp";

// Where a variable begins, who may move it, and when it ends.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Flow = Make -> Borrow -> CopyIn -> Consume -> Fresh -> Split -> Throwing -> Fixed -> Use -> Rounds;

Feed () => (int number);
Make (int number) => (int number, counted a, std::unique_ptr<counted> b);
Borrow (int number, counted a, std::unique_ptr<counted> b) => (int number, counted a, std::unique_ptr<counted> b);
// Takes `a` by value and passes it on: a copy. `b` is passed on too: by reference.
CopyIn (int number, counted a, std::unique_ptr<counted> b) => (int number, counted a, std::unique_ptr<counted> b);
// Both are dead after it, on every exit: moved.
Consume (int number, counted a, std::unique_ptr<counted> b) => (int number);
Fresh (int number) => (int number, int zero, int *null, plain nothing, counted c, std::string empty);
// `c` is dead after it and only borrowed: destroyed when it returns.
Split (int number, int zero, int *null, plain nothing, counted c, std::string empty) => (int number);
Throwing (int number) => (int number, choosy made);
Fixed (int number, choosy made) => (int number, immovable rock);
Use (int number, immovable rock) => (int number, ticket entry);

// The outputs of a node in a loop begin anew each round; what only `again` separates does not.
Rounds = Again -> More;
More:[_, _, enough] = Done;
More:[_, _, _] = Drop -> Rounds;
typedef enough IsEnough;
Again (int number, ticket entry) => (int number, ticket entry, counted times);
wait Again: {readable entry};
Drop (int number, ticket entry, counted times) => (int number, ticket entry);
Done (int number, ticket entry, counted times) => ();

// By value in the node, but the handler takes it too: not dead, so a copy.
handle error Consume => AfterConsume;
AfterConsume (int number, counted a, int error) => ();
handle error Throwing => NotMade;
NotMade (int number, int error) => ();
handle error Make => HalfMade;
HalfMade (int number, int error) => ();
