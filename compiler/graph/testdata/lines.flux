// lines: a server that talks in lines. It answers each line with that line; `quit` ends the talk.

include "lines.h";

// Every connection that Listen accepts starts one flow through Talk.
source Listen => Talk;
limit Listen: 10000;

// One round a line: a sequence that ends in its own beginning is a loop.
Talk = ReadLine -> Answer;

// The first way that fits is taken; `farewell` are the lines for which IsFarewell holds.
typedef farewell IsFarewell;
Answer:[_, _, farewell] = SayGoodbye -> Send -> HangUp;
Answer:[_, _, _] = Echo -> Send -> Talk;

// A node that has to wait says for what. While it waits, its flow holds no thread and no stack.
wait Listen: {readable listener};
wait ReadLine: {readable client};
wait Send: {writable client};

// Who says nothing for five minutes is not waited for.
timeout ReadLine: 5m;
timeout Send: 30s;

// Lines are counted over all talks. Nobody reads the number while it is being changed; readers (`?`) run side by side.
atomic Echo: {lines};
atomic SayGoodbye: {lines?};

// Who says nothing for too long, or too much at once, is told so.
handle error ReadLine => GiveUp;
GiveUp = Explain -> Send -> HangUp;

// The nodes: ordinary C++ functions, declared in lines.h. `unread` is what came after the line in hand.
Listen () => (flux::socket client, std::string unread);
ReadLine (flux::socket client, std::string unread)
  => (flux::socket client, std::string unread, std::string line);
Echo (flux::socket client, std::string unread, std::string line)
  => (flux::socket client, std::string unread, std::string reply);
SayGoodbye (flux::socket client, std::string unread, std::string line)
  => (flux::socket client, std::string unread, std::string reply);
Send (flux::socket client, std::string unread, std::string reply)
  => (flux::socket client, std::string unread);
HangUp (flux::socket client, std::string unread) => ();
Explain (flux::socket client, std::string unread, int error)
  => (flux::socket client, std::string unread, std::string reply);
