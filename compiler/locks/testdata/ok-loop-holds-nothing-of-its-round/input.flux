include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Loop;

typedef more IsMore;
Loop = X -> Y -> Next;
Next:[more] = Loop;
Next:[_] = ;
atomic X: {b};
atomic Y: {a};
