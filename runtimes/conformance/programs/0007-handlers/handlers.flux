include "handlers.hpp";

// Which handler a failure finds, what the handler is given, and what happens when it fails itself.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Feed () => (int number);
Flow = Start -> Place;
Start (int number) => (int number, std::string text);
Pre (int number, std::string text) => (int number, std::string text);
Fail (int number, std::string text) => (int number, std::string text);
Wild (int number, std::string text) => (int number, std::string text);
Named (int number, std::string text) => (int number, std::string text);

Place:[is1, _] = Fail;
Place:[is2, _] = Around;
Place:[is3, _] = BeforeAndAround;
Place:[is4, _] = Deep;
Place:[is5, _] = Wild;
Place:[is6, _] = Starred;
Place:[is7, _] = StarredNamed;
Place:[is8, _] = Any;
Place:[is9, _] = Prefixes;
Place:[is10, _] = Changed;
Place:[is11, _] = Failing;
Place:[is12, _] = Throwing;
Place:[is13, _] = Unhandled;
Place:[is14, _] = Codes;
Place:[is15, _] = Codes;
Place:[is16, _] = Codes;
Place:[is17, _] = Codes;
Place:[is18, _] = Shared;
Place:[is19, _] = Pre -> Shared;
Place:[is20, _] = Round;
Place:[_, _] = Fail;

// 2: the longer path wins over the name alone.
Around = Fail;
// 3: "before" beats "around".
BeforeAndAround = Pre -> Fail;
// 4: a longer path still.
Deep = Deeper;
Deeper = Fail;
// 6: `*` in a path beats `*` alone, for it is longer.
Starred = Pre -> Wild;
// 7: a name beats `*` even where that is longer.
StarredNamed = Named;
// 8: any failure inside, at any depth.
Any = AnyInside;
AnyInside = Pre -> InAny;
InAny (int number, std::string text) => (int number, std::string text);
// 9: handlers with a prefix, with none, and one without a signature run one after the other, in three flows.
Prefixes = Prefix;
Prefix:[_, one_letter] = FailNone;
Prefix:[_, two_letters] = FailUnsigned;
Prefix:[_, _] = FailAll;
FailNone (int number, std::string text) => (int number, std::string text);
FailUnsigned (int number, std::string text) => (int number, std::string text);
FailAll (int number, std::string text) => (int number, std::string text);
// 10: the handler sees the variables as the failed call left them.
Changed = Change -> Cut;
Cut (int number, std::string text, std::string more) => (int number, std::string text);
Change (int number, std::string text) => (int number, std::string text, std::string more);
// 11 and 12: a failure inside a handler's flow ends the flow; no handler applies, `*` included.
Failing = FailTwice;
FailTwice (int number, std::string text) => (int number, std::string text);
Throwing = ThrowTwice;
ThrowTwice (int number, std::string text) => (int number, std::string text);
// 13: nothing but `*` is left.
Unhandled = Pre -> Last;
Last (int number, std::string text) => (int number, std::string text);
// 14 to 17: what `error` is.
Codes = Code;
Code (int number, std::string text) => (int number, std::string text);
// 18 and 19: one shared node, told apart by the way it was reached.
Shared = SharedInside;
SharedInside = Fragile;
Fragile (int number, std::string text) => (int number, std::string text);
// 20: a tail call starts the path anew at its target.
Round = Pre -> Next;
Next:[_, long_text] = Fail;
Next:[_, _] = Pre -> Round;

handle error Fail => Plain;
handle error Around -> Fail => InAround;
handle error Pre -> Fail => AfterPre;
handle error BeforeAndAround -> Fail => InBeforeAndAround;
handle error Deeper -> Fail => InDeeper;
handle error Deep -> Deeper -> Fail => InDeep;
handle error * => Star;
handle error Starred -> * => InStarred;
handle error StarredNamed -> * => InStarredNamed;
handle error Named => OfNamed;
handle error Any => OfAny;
handle error FailNone => None;
handle error FailUnsigned => Unsigned;
handle error FailAll => All;
handle error Change => SeeChange;
handle error FailTwice => Retry;
Retry = FailAgain -> Never;
handle error ThrowTwice => ThrowAgain;
handle error Code => TellCode;
handle error Shared -> SharedInside -> Fragile => OfFragile;
handle error Pre -> Shared -> SharedInside -> Fragile => OfFragileAfterPre;
handle error Round -> Next -> Fail => InRound;

Plain (int number, std::string text, int error) => ();
InAround (int number, std::string text, int error) => ();
AfterPre (int number, std::string text, int error) => ();
InBeforeAndAround (int number, std::string text, int error) => ();
InDeeper (int number, std::string text, int error) => ();
InDeep (int number, std::string text, int error) => ();
Star (int error) => ();
InStarred (int number, std::string text, int error) => ();
InStarredNamed (int number, std::string text, int error) => ();
OfNamed (int number, int error) => ();
OfAny (int number, std::string text, int error) => ();
None (int error) => ();
All (int number, std::string text, int error) => ();
SeeChange (int number, std::string text, int error) => ();
ThrowAgain (int number, int error) => ();
TellCode (int number, int error) => ();
OfFragile (int number, int error) => ();
OfFragileAfterPre (int number, int error) => ();
InRound (int number, std::string text, int error) => ();

// An abstract handler: its first node takes the error.
FailAgain (int number, std::string text, int error) => (int number);
Never (int number) => ();

typedef is1 Is1;
typedef is2 Is2;
typedef is3 Is3;
typedef is4 Is4;
typedef is5 Is5;
typedef is6 Is6;
typedef is7 Is7;
typedef is8 Is8;
typedef is9 Is9;
typedef is10 Is10;
typedef is11 Is11;
typedef is12 Is12;
typedef is13 Is13;
typedef is14 Is14;
typedef is15 Is15;
typedef is16 Is16;
typedef is17 Is17;
typedef is18 Is18;
typedef is19 Is19;
typedef is20 Is20;
typedef one_letter HasOne;
typedef two_letters HasTwo;
typedef long_text IsLong;
