// The paper's first program, in the published form: each output is a variable of its own.
Listen () => (int socket);
Read (int socket) => (int socket, char *request);
Write (int socket, char *request) => (int socket);
Log (int socket) => ();

source Listen => Page;
Page = Read -> Write -> Log;
