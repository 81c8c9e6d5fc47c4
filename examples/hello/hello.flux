// The smallest server: it reads a request and says hello.

include "hello.h";

// Every connection that Listen accepts starts one flow through Hello.
source Listen => Hello;

// A flow is nodes in a row: what one puts out, the next takes in.
Hello = ReadRequest -> Greet -> Send;

// A node that has to wait says for what. While it waits its flow holds no thread and no stack.
wait Listen: {readable listener};
wait ReadRequest: {readable client};
wait Send: {writable client};

// A client that asks nothing for ten seconds is not waited for.
timeout ReadRequest: 10s;
timeout Send: 10s;

// The nodes. Each is an ordinary C++ function, declared in hello.h.
Listen () => (flux::socket client);
ReadRequest (flux::socket client) => (flux::socket client, std::string request);
Greet (flux::socket client, std::string request) => (flux::socket client, std::string reply);
Send (flux::socket client, std::string reply) => ();
