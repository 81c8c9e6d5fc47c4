include "load.hpp";

// Many flows at once, and counters that only constraints protect.

source First => Flow;
source Second => Flow;
wait First: {readable never};
wait Second: {readable never};
limit First: 40;
limit Second: 40;

First () => (int number);
Second () => (int number);

Flow = Split -> Add -> Check -> Pair -> Work -> Done;
Split (int number) => (int number, int amount);
Add (int number, int amount) => (int number, int amount);
Check (int number, int amount) => (int number, int amount);
Work:[odd, _] = Lend -> Wait;
Work:[third, _] = Fails;
Work:[_, _] = Both;
Done (int number, int amount) => ();

// The two halves of a pair are changed one after the other, inside one extent.
Pair = Left -> Right;
Left (int number, int amount) => (int number, int amount);
Right (int number, int amount) => (int number, int amount);
atomic Pair: {pair};

Lend (int number, int amount) => (int number, int amount, int entry);
Wait (int number, int amount, int entry) => (int number, int amount);
Both (int number, int amount) => (int number, int amount);
Fails (int number, int amount) => (int number, int amount);
wait Wait: {readable entry};

atomic Add: {counter};
atomic Check: {counter?, pair?};
atomic Lend: {counter?, loan};
atomic Wait: {loan?};
atomic Both: {counter, loan, pair};
atomic Fails: {counter, pair};

handle error Fails => Undo;
Undo (int number, int amount, int error) => ();
atomic Undo: {counter};

blocking Both;

typedef odd IsOdd;
typedef third IsThird;
