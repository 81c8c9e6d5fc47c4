include "sharing.hpp";

// Abstract nodes used from many places, empty sequences, parentheses, signatures that need not be there.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Feed () => (int number);
Flow = Nothing -> Begin -> A -> (B -> (Nothing2)) -> C -> Failing -> Say;
// Empty, and the first of its flow.
Nothing = ;
Nothing2 = ;
Begin (int number) => (int number, std::string trace);
a (int number, std::string trace) => (int number, std::string trace);
b (int number, std::string trace) => (int number, std::string trace);
Say (int number, std::string trace) => ();

// Each uses the next twice: 2^8 ends, printed once.
A = A1 -> A1;
A1 = A2 -> A2;
A2 = A3 -> A3;
A3 = a;

// One node from a sequence, a case, a loop and a handler.
B:[odd, _] = Shared -> b -> Shared;
B:[_, _] = Loop -> Shared;
Loop = Shared -> LoopNext;
LoopNext:[_, enough] = ;
LoopNext:[_, _] = Loop;
Shared = a -> Inner -> b;
Inner = b -> Innermost;
Innermost:[odd, _] = ;
Innermost:[_, _] = a;

// A signature that is given, and agrees.
C (int number, std::string trace) => (int number, std::string trace);
C = Nothing2 -> Shared -> Nothing2;

Failing:[third, _] = Shared -> Fails;
Failing:[_, _] = ;
Fails (int number, std::string trace) => (int number, std::string trace);
handle error Fails => Repair;
Repair = Forget -> Shared -> Say;
Forget (int number, std::string trace, int error) => (int number, std::string trace);

typedef odd IsOdd;
typedef third IsThird;
typedef enough IsLong;
