include "wait.hpp";

// Parked for a descriptor: what may be waited for, what wakes, what a node keeps meanwhile.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Feed () => (int number);
Flow = Open -> Which;
Open (int number) => (int number, int reading, int writing);

Which:[one, _, _] = ReadLine -> Show;
Which:[two, _, _] = Beside -> ReadAny -> Close;
Which:[three, _, _] = Negative -> Close;
Which:[four, _, _] = Closed -> Close;
Which:[five, _, _] = HangUp -> Close;
Which:[six, _, _] = Soon -> Blocking -> Close;
Which:[seven, _, _] = Own -> Owned -> Pointed -> Close;
Which:[eight, _, _] = Fill -> Beside -> WriteMore -> Close;
Which:[nine, _, _] = ReadyAlready -> Close;
Which:[_, _, _] = Close;
Close (int number, int reading, int writing) => ();

// 1: a line that comes in pieces; what was read stays in the tuple.
ReadLine (int number, int reading, int writing) => (int number, int reading, int writing, std::string line, int calls);
wait ReadLine: {readable reading};
Show (int number, int reading, int writing, std::string line, int calls) => ();

// 2: any of several. Nothing ever comes on `reading`; the other one becomes readable.
Beside (int number, int reading, int writing) => (int number, int reading, int writing, channel *other);
ReadAny (int number, int reading, int writing, channel *other) => (int number, int reading, int writing);
wait ReadAny: {readable reading, readable other};

// 3 and 4: no descriptor.
Negative (int number, int reading, int writing) => (int number, int reading, int writing);
wait Negative: {readable reading};
Closed (int number, int reading, int writing) => (int number, int reading, int writing);
wait Closed: {writable writing};
handle error Negative => Bad;
handle error Closed => Bad;
Bad (int number, int reading, int writing, int error) => ();

// 5: the end of file is readable.
HangUp (int number, int reading, int writing) => (int number, int reading, int writing);
wait HangUp: {readable reading};

// 6: a descriptor that blocks is polled before the call.
Soon (int number, int reading, int writing) => (int number, int reading, int writing);
Blocking (int number, int reading, int writing) => (int number, int reading, int writing);
wait Blocking: {readable reading};

// 7: an object with fd(), and a pointer to one.
Own (int number, int reading, int writing) => (flux::socket reader, int number, int writing);
Owned (flux::socket reader, int number, int writing) => (line *incoming, int number, int writing);
wait Owned: {readable reader};
Pointed (line *incoming, int number, int writing) => (int number, int reading, int writing);
wait Pointed: {readable incoming};

// 8: writable.
Fill (int number, int reading, int writing) => (int number, int reading, int writing);
WriteMore (int number, int reading, int writing, channel *other) => (int number, int reading, int writing);
wait WriteMore: {readable other, writable writing};

// 9: tried at once, and done.
ReadyAlready (int number, int reading, int writing) => (int number, int reading, int writing);
wait ReadyAlready: {readable reading};

typedef one IsOne;
typedef two IsTwo;
typedef three IsThree;
typedef four IsFour;
typedef five IsFive;
typedef six IsSix;
typedef seven IsSeven;
typedef eight IsEight;
typedef nine IsNine;

// The world outside: every tick does what was asked for next.
source World every 10ms => Act;
Act () => ();
