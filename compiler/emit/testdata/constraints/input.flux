// Every kind of constraint: of the program, of a session, of keys, of all keys, a pool.
include "nodes.h";

source Listen {session: SessionOf} => Either;
pool database: 8;

Listen () => (std::string from, std::string to, int amount);

Either:[_, _, large] = Locked;
Either:[_, _, _] = Book -> Write;

// Book holds its keys on this way and finds all of the class held on the other.
Locked = Audit -> Book -> Write;
atomic Locked: {account};
Audit (std::string from, std::string to, int amount) => (std::string from, std::string to, int amount);
atomic Audit: {total(session)?};

// Two keys, in the order of their values; inside, one of them is asked for again.
Book = Query -> Move;
atomic Book: {account[from]?, account[to]};
Query (std::string from, std::string to, int amount) => (std::string from, std::string to, int amount);
atomic Query: {database};
Move (std::string from, std::string to, int amount) => (std::string from, std::string to, int amount);
atomic Move: {account[to]};

Write (std::string from, std::string to, int amount) => ();
atomic Write: {total(session), log};
timeout Write: 2s;

typedef large IsLarge;
