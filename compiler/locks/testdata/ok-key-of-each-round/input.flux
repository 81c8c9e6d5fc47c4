include "nodes.h";

Listen () => (int socket, int id);
Work (int socket, int id) => (int socket, int id);
Next (int socket, int id) => (int socket, int next);
Close (int socket, int id) => ();

source Listen => Round;

typedef last IsLast;
Round = Work -> More;
More:[_, last] = Close;
More:[_, _] = Next -> Round;
atomic Round: {page[id]};
atomic Work: {page[id]};
