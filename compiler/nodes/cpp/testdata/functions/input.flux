include "nodes.h";

source Listen {session: SessionOf} => Flow;
wait Listen: {readable listener};

Flow = ByValue -> Kinds -> Missing -> Wrong -> Text -> Same;

typedef good IsGood;
Kinds:[_, good] = Returns;
Kinds:[_, _] = Count;

Listen () => (flux::socket client);
ByValue (flux::socket client) => (flux::socket client, int number);
Returns (flux::socket client, int number) => (flux::socket client, int number);
Count (flux::socket client, int number) => (flux::socket client, int number);
Missing (flux::socket client, int number) => (flux::socket client, const char *text);
Wrong (flux::socket client, const char *text) => (flux::socket client, std::string page);
Text (flux::socket client, std::string page) => (flux::socket client, long size);
Same (flux::socket client, long size) => ();

handle error Missing => Refuse;
handle error Text => Undeclared;
handle error Same => Deduced;
