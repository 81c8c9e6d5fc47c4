include "keys.hpp";

// One lock for each key: two keys together, one key by one flow, several keys of one node in one order whatever order they are named in,
// and the whole class against all of them.

source Feed => Flow;
wait Feed: {readable never};
limit Feed: 4;

Feed () => (int number, std::string from, std::string to, int bell, int silence);
Flow = Meet -> Work -> Probe;

// The first two flows wait for each other inside, each with its own key. Nobody asks for all of `desk`: behind who did, the second would
// have to wait for the first.
Meet (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Meet: {desk[from]};
wait Meet: {readable bell};

Work:[third, _, _, _, _] = Audit;
Work:[fails, _, _, _, _] = Fails;
Work:[throws, _, _, _, _] = Outer;
Work:[late, _, _, _, _] = Late;
Work:[_, same, _, _, _] = Save;
Work:[_, _, _, _, _] = Transfer -> Note;

// Equal keys once, and in the stronger mode.
Save (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Save: {account[from]?, account[to]};

Transfer (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Transfer: {account[to], account[from]};

// Held around under the same variable: one acquisition, and as writer from the start.
Note = Read -> Write;
atomic Note: {account[from]?};
Read (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Read: {account[from]?};
Write (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Write: {account[from]};

// The whole class.
Audit (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Audit: {account};

Fails (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Fails: {account[from], account[to], log};

// Under another variable it is the class from the start.
Outer = Throws;
atomic Outer: {account[from]};
Throws (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Throws: {account[to]};

Late (int number, std::string from, std::string to, int bell, int silence) => (int number, std::string from, std::string to, int bell, int silence);
atomic Late: {account[to], account[from]?};
wait Late: {readable silence};
timeout Late: 5ms;

Probe (int number, std::string from, std::string to, int bell, int silence) => ();
atomic Probe: {account, log};

handle error Fails => Told;
handle error Throws => Told;
handle error Late => Told;
Told (int number, std::string from, std::string to, int error) => ();
atomic Told: {account[to], account[from], log};

typedef third Is3;
typedef fails Is4;
typedef throws Is5;
typedef late Is6;
typedef same IsSame;
