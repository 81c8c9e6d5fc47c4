// A lock of each session, of each key and of all keys, and units of a pool; two flows nest the session and the pool both ways.
include "nodes.h";

pool db: 2;

Listen () => (int socket, std::string page);
Tick () => (int socket, std::string page);
Read (int socket, std::string page) => (int socket, std::string page);
Write (int socket, std::string page) => (int socket, std::string page);
Copy (int socket, std::string page) => (int socket, std::string page, std::string other);
Link (int socket, std::string page, std::string other) => (int socket, std::string page);
Purge (int socket, std::string page) => (int socket, std::string page);

source Listen {session: SessionOf} => Request;
source Tick {session: SessionOf} => Cleaning;

Request = Read -> Change;
Change = Write -> Copy -> Link;
Cleaning = Purge -> Read;

atomic Change: {cart(session)};
atomic Write: {page[page], db};
atomic Link: {page[page], page?[other]};
atomic Cleaning: {db};
atomic Purge: {page};
atomic Read: {cart?(session)};
