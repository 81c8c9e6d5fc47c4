// `Page` holds `a` and waits; that it holds `a` meanwhile nobody wrote.
include "nodes.h";

Listen () => (int socket);
Read (int socket) => (int socket);
Store (int socket) => (int socket);
Look (int socket) => (int socket);
Count (int socket) => (int socket);

source Listen => Top;
Top = Page -> Other;
Page = Read -> Store;
Other = Look -> Look -> Count;

wait Read: {readable socket};
atomic Page: {b};
atomic Store: {a};
atomic Other: {a};
atomic Count: {b};
