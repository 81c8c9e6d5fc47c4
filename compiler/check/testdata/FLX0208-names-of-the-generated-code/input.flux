include "server.h";
Listen () => (int flux_socket);
flux_write (int socket) => ();
source Listen => flux_write;
atomic flux_write: {flux_};
