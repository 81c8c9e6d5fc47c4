include "image.h";
Listen () => (int socket);
CheckCache (int socket) => ();
source Listen => CheckCache;
atomic CheckCahce: {cache};
