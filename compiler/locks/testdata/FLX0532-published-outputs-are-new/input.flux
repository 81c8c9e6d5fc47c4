Listen () => (int socket, int id);
Load (int socket, int id) => (int socket, int id);
Change (int socket, int id) => ();

source Listen => Page;

Page = Load -> Change;
atomic Page: {page[id]};
atomic Load: {page[id]};
atomic Change: {page[id]};
