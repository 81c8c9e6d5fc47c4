Listen => (int socket);
A = B;
