// A line is a request: `echo X` is answered by X, `hold MS` takes the constraint for so long, `nap MS` blocks its worker without it.

include "lines.hpp";

source Listen => Connection;
wait Listen: {readable listener};

Connection = Read -> Act;
typedef holding IsHold;
typedef napping IsNap;
Act:[_, _, holding] = Hold -> Answer -> Connection;
Act:[_, _, napping] = Nap -> Answer -> Connection;
Act:[_, _, _] = Answer -> Connection;

wait Read: {readable client};
wait Answer: {writable client};
atomic Hold: {cache};

Listen () => (flux::socket client, std::string kept);
Read (flux::socket client, std::string kept) => (flux::socket client, std::string kept, std::string line);
Hold (flux::socket client, std::string kept, std::string line) => (flux::socket client, std::string kept, std::string line);
Nap (flux::socket client, std::string kept, std::string line) => (flux::socket client, std::string kept, std::string line);
Answer (flux::socket client, std::string kept, std::string line) => (flux::socket client, std::string kept);
