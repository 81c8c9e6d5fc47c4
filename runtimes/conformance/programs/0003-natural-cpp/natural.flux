include "natural.hpp";

// The natural C++ convention, one way of taking a parameter a node.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Flow = (Double -> Format) -> Change -> Turn -> Rename -> Point -> Widen -> Overloaded -> Template -> Nothing -> Produce -> Last;

Feed () => (int number);

// By value, and one new output.
Double (int number) => (int number, long doubled);
// By const reference; what is not passed on is only an input.
Format (int number, long doubled) => (int number, std::string text);
// What is on both sides is passed once, by reference to change it.
Change (int number, std::string text) => (int number, std::string text);
// Outputs in another order than inputs: the call is inputs, then new outputs.
Turn (int number, std::string text) => (double half, std::string text, int number);
// The next node may call them anything.
Rename (double size, std::string words, int count) => (int count, std::vector<std::pair<int, char *>> pairs, std::string words);
// Pointers are values; an output of pointer type is a reference to a pointer.
Point (int count, std::vector<std::pair<int,char*> > pairs, std::string words) => (int count, box *made, const char *first);
// The same name with two types: two variables.
Widen (int count, struct box *made, char const *first) => (long count, box *made);
Overloaded (long count, box *made) => (long count, box *made);
Template (long count, box *made) => (long count, box *made);
Nothing (long count, box *made) => ();
Produce () => (std::unique_ptr<box> other, counts tally);
Last (std::unique_ptr<box> other, counts tally) => ();
