// What nothing parks in may be left out: `account`, all of it and by key, and the pool. `total` and `log` stay, for Write is a helper's.
include "nodes.h";

source Listen {session: SessionOf} => Either;
source Tick every 1m => Count;
pool database: 8;

Listen () => (std::string from, std::string to, int amount);

Either:[_, _, large] = Locked -> Write;
Either:[_, _, _] = Book -> Write;

Locked = Check -> Book;
atomic Locked: {account};
Check (std::string from, std::string to, int amount) => (std::string from, std::string to, int amount);

Book = Query -> Move;
atomic Book: {account[from]?, account[to]};
Query (std::string from, std::string to, int amount) => (std::string from, std::string to, int amount);
atomic Query: {database};
Move (std::string from, std::string to, int amount) => (std::string from, std::string to, int amount);
atomic Move: {account[to], moves};

Write (std::string from, std::string to, int amount) => ();
atomic Write: {total(session), log};
blocking Write;

Count () => ();
atomic Count: {moves?};

typedef large IsLarge;
