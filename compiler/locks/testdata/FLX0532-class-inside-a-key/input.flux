include "nodes.h";

Listen () => (int socket, int id);
Put (int socket, int id) => (int socket, int id);
Resize (int socket, int id) => ();

source Listen => Store;

Store = Put -> Grow;
Grow = Resize;
atomic Store: {bucket[id]};
atomic Put: {bucket[id]};
atomic Resize: {bucket};
