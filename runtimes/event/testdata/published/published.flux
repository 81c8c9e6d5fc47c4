// A server in the published form, which knows neither `wait` nor `blocking`: every node blocks when it likes.
Listen () => (int socket);
ReadRequest (int socket) => (int socket, char kind);
Reply (int socket, char kind) => (int socket);
Complete (int socket) => ();

source Listen => Page;

Page = ReadRequest -> Reply -> Complete;

atomic Reply:{count};

handle error ReadRequest => HangUp;
