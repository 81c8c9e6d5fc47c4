include "loops.hpp";

// Recursion in tail position: alone, through a dispatch, mutual, out of shared nodes, out of extents, with errors.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Feed () => (int number);
Flow = Begin -> Which;
Begin (int number) => (int number, int left);
Count (int number, int left) => (int number, int left);
Tell (int number, int left) => (int number, int left);
End (int number, int left) => ();

Which:[one, _] = Simple -> End;
Which:[two, _] = Even -> End;
Which:[three, _] = Locked -> End;
Which:[four, _] = Around -> End;
Which:[five, _] = Uses -> End;
Which:[six, _] = Failing -> End;
Which:[seven, _] = Sequence -> End;
Which:[eight, _] = Million -> End;
Which:[_, _] = End;

// A loop that ends in a node after which more comes.
Simple = Count -> SimpleNext;
SimpleNext:[_, zero] = Tell;
SimpleNext:[_, _] = Simple;

// Mutual: Even and Odd take turns.
Even = Tell -> EvenNext;
EvenNext:[_, zero] = ;
EvenNext:[_, _] = Count -> Odd;
Odd = Tell -> OddNext;
OddNext:[_, zero] = ;
OddNext:[_, _] = Count -> Even;

// A round leaves the extents opened in it: `round` and `turn` are free between two rounds, and taken again.
Locked = Count -> LockedNext;
LockedNext:[_, zero] = Free;
LockedNext:[_, _] = Locked;
atomic Locked: {round};
atomic LockedNext: {turn};
Free (int number, int left) => (int number, int left);
// The other flow that needs both; it must get them between two rounds.
source Rival => Compete;
wait Rival: {readable rivals};
Rival () => (int byte);
Compete (int byte) => ();
atomic Compete: {round, turn};

// Extents around the target stay: `outside` is held over all rounds.
Around = AroundLoop -> Leave;
AroundLoop = Inside -> AroundNext;
AroundNext:[_, zero] = ;
AroundNext:[_, _] = AroundLoop;
Inside (int number, int left) => (int number, int left);
Leave (int number, int left) => (int number, int left);
atomic Around: {outside};
atomic Inside: {outside, inner};

// A loop used from two places: each use goes on where it was used.
Uses = Begin2 -> Simple2 -> Tell -> Begin2 -> Simple2 -> Tell;
Begin2 (int number, int left) => (int number, int left);
Simple2 = Count -> Simple2Next;
Simple2Next:[_, zero] = ;
Simple2Next:[_, _] = Tell -> Simple2;

// A failure in the third round.
Failing = Count -> FailAtTwo -> FailingNext;
FailingNext:[_, zero] = ;
FailingNext:[_, _] = Failing;
FailAtTwo (int number, int left) => (int number, int left);
atomic Failing: {round};
handle error FailAtTwo => Failed;
Failed (int number, int left, int error) => ();

// The tail call stands at the end of a sequence in a sequence.
Sequence = Count -> Rest;
Rest = Tell -> RestNext;
RestNext:[_, zero] = ;
RestNext:[_, _] = Sequence;

// Long, and in no stack.
Million = Down -> MillionNext;
MillionNext:[_, zero] = ;
MillionNext:[_, _] = Million;
Down (int number, int left) => (int number, int left);

typedef one IsOne;
typedef two IsTwo;
typedef three IsThree;
typedef four IsFour;
typedef five IsFive;
typedef six IsSix;
typedef seven IsSeven;
typedef eight IsEight;
typedef zero IsZero;
