include "nodes.h";

Listen () => (int socket);
Store (int socket) => (int socket);
Read (int socket) => (int socket);

source Listen => Page;

typedef big IsBig;
Page = One;
One = Two;
Two:[big] = Three;
Two:[_] = Read;
Three = Store;
atomic Page: {x?};
atomic Store: {x!};
