include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);

source Listen => Loop;

// The tail call gives `b` back before the next round acquires `a`.
typedef more IsMore;
Loop = First -> Next;
First = X;
Next:[more] = X -> Loop;
Next:[_] = ;
atomic First: {a};
atomic X: {b};
atomic Next: {b};
