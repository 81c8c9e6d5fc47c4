// {{name}}: a small HTTP server. Read it from the top: what starts a flow, what a flow does, what may go wrong.

include "{{name}}.h";

// Every connection that Listen accepts starts one flow through Visit.
source Listen => Visit;
limit Listen: 10000;

// A flow is nodes in a row: what one puts out, the next takes in.
Visit = ReadRequest -> Answer -> Send;

// One of several ways. The first that fits is taken; `front` are the requests for which IsFront holds.
typedef front IsFront;
typedef statistics IsStatistics;
Answer:[_, front] = CountVisit -> Greet;
Answer:[_, statistics] = ReadVisits -> Report;
Answer:[_, _] = NotFound;

// Nobody reads the number of visits while it is being changed. Readers (`?`) run side by side, and so does all else.
atomic CountVisit: {visits};
atomic ReadVisits: {visits?};

// A node that has to wait says for what. While it waits, its flow holds no thread and no stack.
wait Listen: {readable listener};
wait ReadRequest: {readable client};
wait Send: {writable client};

// No client may keep it waiting for ever.
timeout ReadRequest: 10s;
timeout Send: 30s;

// A request that is none, or comes too late, gets an answer that says so.
handle error ReadRequest => Refuse;
Refuse = Explain -> Send;

// The nodes: ordinary C++ functions, declared in {{name}}.h.
Listen () => (flux::socket client);
ReadRequest (flux::socket client) => (flux::socket client, std::string request);
CountVisit (flux::socket client, std::string request) => (flux::socket client, int visitor);
ReadVisits (flux::socket client, std::string request) => (flux::socket client, int visits);
Greet (flux::socket client, int visitor) => (flux::socket client, std::string reply);
Report (flux::socket client, int visits) => (flux::socket client, std::string reply);
NotFound (flux::socket client, std::string request) => (flux::socket client, std::string reply);
Explain (flux::socket client, int error) => (flux::socket client, std::string reply);
Send (flux::socket client, std::string reply) => ();
