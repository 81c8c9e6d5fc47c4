include "dispatch.hpp";

// Cases in the order written, patterns, predicates of every kind, no match, a predicate that throws.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Flow = Make -> Order -> Pair -> Pointer -> Numbers -> Guarded -> Show;

Feed () => (int number);
Make (int number) => (int number, std::string text, thing *pointed);
Show (int number, std::string text, thing *pointed) => ();

// Both hold for 6: the first wins.
Order:[even, _, _] = MarkEven;
Order:[third, *, *] = MarkThird;
Order:[_, _, _] = ;
MarkEven (int number, std::string text, thing *pointed) => (int number, std::string text, thing *pointed);
MarkThird (int number, std::string text, thing *pointed) => (int number, std::string text, thing *pointed);

// All patterns of a case must hold; one type holds for arguments of two types.
Pair:[even, even, _] = MarkBoth;
Pair:[_, even, _] = MarkText;
Pair:[_, _, _] = ;
MarkBoth (int number, std::string text, thing *pointed) => (int number, std::string text, thing *pointed);
MarkText (int number, std::string text, thing *pointed) => (int number, std::string text, thing *pointed);

// A case with its own sequence, of shared nodes; an abstract node in a case.
Pointer:[_, _, heavy] = MarkText -> Again;
Pointer:[_, _, _] = ;
Again = MarkText;

// Nothing matches 7; the predicate throws for 8, and a system_error for 9.
Numbers:[below_seven, _, _] = ;
Numbers:[explosive, _, _] = ;

// Predicates run while the dispatch holds its constraints.
Guarded:[_, guarded, _] = ;
Guarded:[_, _, _] = MarkText;
atomic Guarded: {door};
atomic Touch: {door};

typedef even IsEven;
typedef third IsThird;
typedef heavy IsHeavy;
typedef below_seven IsBelowSeven;
typedef explosive Explodes;
typedef guarded IsGuarded;

handle error Numbers => NoCase;
NoCase (int number, int error) => ();

source Toucher => Touch;
wait Toucher: {readable touches};
Toucher () => (int number);
Touch (int number) => ();
