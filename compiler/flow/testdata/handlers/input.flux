// The caller of the shared `Store` decides; a handler without a signature, one with, one that is a flow.
include "nodes.h";

Listen () => (int socket);
Read (int socket) => (int socket, std::string text);
Keep (int socket, std::string text) => (int socket, std::string text);
Write (int socket, std::string text) => (int socket);
Sorry (int socket, int error) => ();
Explain (int socket, std::string text, int error) => (int socket, std::string text);

source Listen => Page;
typedef large IsLarge;
Page = Read -> Choose -> Write;
Choose:[_, large] = Large;
Choose:[_, _] = Small;
Large = Store;
Small = Store;
Store = Keep;

handle error Read => Sorry;
handle error Large -> Store -> Keep => Apologise;
Apologise = Explain -> Write;
handle error * => Log;
