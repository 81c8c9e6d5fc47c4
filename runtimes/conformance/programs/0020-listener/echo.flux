include "echo.hpp";

// A server and its clients in one program: connections, keep-alive as a loop, a stop while a client is still in the queue.

source Listen => Serve;
Listen () => (flux::socket peer);
wait Listen: {readable listener};

Serve = Greet -> Requests;
Greet (flux::socket peer) => (flux::socket peer);
Requests = Read -> Next;
Next:[_, over] = Hang;
Next:[_, _] = Write -> Requests;
Read (flux::socket peer) => (flux::socket peer, std::string line);
wait Read: {readable peer};
timeout Read: 20s;
Write (flux::socket peer, std::string line) => (flux::socket peer);
wait Write: {writable peer};
Hang (flux::socket peer, std::string line) => ();
handle error Read => Broken;
Broken (flux::socket peer, int error) => ();

source Visit => Talk;
limit Visit: 4;
Visit () => (int number);
wait Visit: {readable visitors};
Talk = Connect -> Rounds;
Connect (int number) => (flux::socket to, int number, int round);
Rounds = Ask -> Hear -> More;
More:[_, _, _, last] = Leave;
More:[_, _, _, _] = Forget -> Rounds;
Forget (flux::socket to, int number, int round, std::string heard) => (flux::socket to, int number, int round);
Ask (flux::socket to, int number, int round) => (flux::socket to, int number, int round);
wait Ask: {writable to};
Hear (flux::socket to, int number, int round) => (flux::socket to, int number, int round, std::string heard);
wait Hear: {readable to};
Leave (flux::socket to, int number, int round, std::string heard) => ();

typedef over IsOver;
typedef last IsLast;
