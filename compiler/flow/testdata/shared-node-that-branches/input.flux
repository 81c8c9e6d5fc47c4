include "nodes.h";

Listen () => (int socket);
First (int socket) => (int socket);
Second (int socket) => (int socket);
A (int socket) => (int socket);
B (int socket) => (int socket);
End (int socket) => ();

source Listen => Page;
typedef odd IsOdd;
Page = First -> Choose -> Second -> Choose -> End;
Choose:[odd] = A;
Choose:[_] = B;
