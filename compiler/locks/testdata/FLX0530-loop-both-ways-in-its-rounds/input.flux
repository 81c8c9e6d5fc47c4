include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Loop;

typedef odd IsOdd;
typedef more IsMore;
Loop = Round -> Next;
Round:[odd] = One;
Round:[_] = Two;
One = X;
Two = Y;
Next:[more] = Loop;
Next:[_] = ;
atomic One: {a};
atomic X: {b};
atomic Two: {b};
atomic Y: {a};
