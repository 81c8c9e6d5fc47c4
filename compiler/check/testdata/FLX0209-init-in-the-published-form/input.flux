Listen () => (int socket);
init (int socket) => ();
source Listen => init;
