include "nodes.h";

Listen () => (int socket, int id);
Put (int socket, int id) => (int socket, int id);
Other (int socket, int id) => (int socket, int id);
Last (int socket, int id) => ();

source Listen => Store;

Store = All -> Other -> Last;
All = Put -> Other;
atomic All: {bucket?};
atomic Put: {bucket[id]};
atomic Other: {bucket[id]};
atomic Last: {bucket?[id], bucket};
