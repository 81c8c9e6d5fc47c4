include "timeouts.hpp";

// When a limit runs, what it strikes, and what it leaves alone.

source Feed => Flow;
wait Feed: {readable feed};
limit Feed: 1;

Feed () => (int number);
Flow = Open -> Which;
Open (int number) => (int number, line *incoming);

Which:[one, _] = Never -> Tell;
Which:[two, _] = InTime -> Tell;
Which:[three, _] = Trickle -> Tell;
Which:[four, _] = SlowCall -> Tell;
Which:[five, _] = SlowAgain -> Tell;
Which:[six, _] = Whole -> Tell;
Which:[seven, _] = Waiting -> Tell;
Which:[eight, _] = Rounds -> Tell;
Which:[nine, _] = Bounded -> Tell;
Which:[ten, _] = NoHandler -> Tell;
Which:[eleven, _] = Nested -> Tell;
Which:[twelve, _] = Queue -> Tell;
Which:[thirteen, _] = Call -> QueueWhole -> Tell;
Which:[_, _] = Tell;
Tell (int number, line *incoming) => ();

// 1: nothing comes.
Never (int number, line *incoming) => (int number, line *incoming);
wait Never: {readable incoming};
timeout Never: 30ms;

// 2: it comes in time.
InTime (int number, line *incoming) => (int number, line *incoming);
wait InTime: {readable incoming};
timeout InTime: 2s;

// 3: a byte every 10 ms, never the last one. `again` does not start the limit anew.
Trickle (int number, line *incoming) => (int number, line *incoming);
wait Trickle: {readable incoming};
timeout Trickle: 100ms;

// 4: a node that is running is not interrupted; one that returns 0 late has worked.
SlowCall (int number, line *incoming) => (int number, line *incoming);
timeout SlowCall: 20ms;

// 5: the limit struck while it ran, and it returns `again`.
SlowAgain (int number, line *incoming) => (int number, line *incoming);
wait SlowAgain: {readable incoming};
timeout SlowAgain: 20ms;

// 6: on an abstract node: the node that is next fails, without being called.
Whole = SlowCall2 -> NotCalled;
SlowCall2 (int number, line *incoming) => (int number, line *incoming);
NotCalled (int number, line *incoming) => (int number, line *incoming);
timeout Whole: 20ms;

// 7: on an abstract node: the node that waits fails.
Waiting = Quick -> Waits;
Quick (int number, line *incoming) => (int number, line *incoming);
Waits (int number, line *incoming) => (int number, line *incoming);
wait Waits: {readable incoming};
timeout Waiting: 30ms;

// 8: each round of a loop anew: four rounds of 100 ms under a limit of 350 ms.
Rounds = Pause -> RoundsNext;
RoundsNext:[_, through] = ;
RoundsNext:[_, _] = Rounds;
Pause (int number, line *incoming) => (int number, line *incoming);
wait Pause: {readable incoming};
timeout Rounds: 350ms;

// 9: around a loop it covers all rounds.
Bounded = Endless;
Endless = Pause2 -> EndlessNext;
EndlessNext:[_, gone] = ;
EndlessNext:[_, _] = Endless;
Pause2 (int number, line *incoming) => (int number, line *incoming);
wait Pause2: {readable incoming};
timeout Bounded: 120ms;

// 10: without a handler the flow ends.
NoHandler (int number, line *incoming) => (int number, line *incoming);
wait NoHandler: {readable incoming};
timeout NoHandler: 20ms;

// 11: the nearest limit strikes.
Nested = Inner;
Inner = Waits2;
Waits2 (int number, line *incoming) => (int number, line *incoming);
wait Waits2: {readable incoming};
timeout Nested: 5s;
timeout Inner: 2s;
timeout Waits2: 30ms;

// 12 and 13: waiting for a constraint counts; the holder is a flow that stays for 400 ms once it has the seat.
Queue = Call -> Queued;
Call (int number, line *incoming) => (int number, line *incoming);
wait Call: {readable incoming};
Queued (int number, line *incoming) => (int number, line *incoming);
atomic Queued: {seat};
timeout Queued: 30ms;
QueueWhole = QueuedToo;
QueuedToo (int number, line *incoming) => (int number, line *incoming);
atomic QueuedToo: {seat?};
timeout QueueWhole: 150ms;
source Sitters => Sit;
wait Sitters: {readable sitters};
Sitters () => (int chair);
Sit = Stay;
Stay (int chair) => ();
wait Stay: {readable chair};
timeout Stay: 400ms;
atomic Sit: {seat};

handle error Never => Late;
handle error InTime => Late;
handle error Trickle => Late;
handle error SlowCall => Late;
handle error SlowAgain => Late;
handle error NotCalled => Late;
handle error Waits => Late;
handle error Pause => Late;
handle error Pause2 => LateRound;
handle error Waits2 => Late;
handle error Queued => Late;
handle error QueuedToo => Late;
Late (int number, line *incoming, int error) => ();
LateRound (int number, line *incoming, int error) => ();

typedef one Is1;
typedef two Is2;
typedef three Is3;
typedef four Is4;
typedef five Is5;
typedef six Is6;
typedef seven Is7;
typedef eight Is8;
typedef nine Is9;
typedef ten Is10;
typedef eleven Is11;
typedef twelve Is12;
typedef thirteen Is13;
typedef through IsThrough;
typedef gone IsGone;

source World every 10ms => Act;
Act () => ();
