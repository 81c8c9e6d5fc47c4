include "nodes.h";

Listen () => (int socket, int id);
Work (int socket, int id) => (int socket, int id);
Next (int socket, int id) => (int socket, int next);
Close (int socket, int id) => ();

source Listen => Served;

typedef last IsLast;
Served = Round;
Round = Work -> More;
More:[_, last] = Close;
More:[_, _] = Next -> Round;
atomic Served: {page[id]};
atomic Work: {page[id]};
