// `Inner` finds `cache` held on one way in and not on the other.
include "nodes.h";

Listen () => (int socket);
Look (int socket) => (int socket);
Count (int socket) => (int socket);

source Listen => Page;
typedef big IsBig;
Page:[big] = Holding;
Page:[_] = Inner;
Holding = Inner -> Count;
Inner = Look;
atomic Holding: {cache, total?};
atomic Inner: {cache};
atomic Count: {total?};
