// A tail call gives back what its round acquired. In `Again` nobody knows what that was but the record.
include "nodes.h";

Listen () => (int socket);
Work (int socket) => (int socket);
Rest (int socket) => (int socket);

source Listen => Round;
typedef more IsMore;
typedef much IsMuch;
Round = Work -> Next;
Next:[more] = Again;
Next:[much] = Slowly;
Next:[_] = ;
Slowly = Again;
Again = Rest -> Round;
atomic Round: {a};
atomic Slowly: {b};
timeout Round: 1m;
