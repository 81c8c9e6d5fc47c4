Listen () => (int socket);
Read (int socket) => (int socket, bool close, struct page *page);
Write (int socket, bool close, struct page *page) => ();
typedef closing IsClosing;
Kind:[_, closing, _] = Write;
Kind:[_, _, _] = Write;
Flow = Read -> Kind;
source Listen => Flow;
handle error Read => Sorry;
