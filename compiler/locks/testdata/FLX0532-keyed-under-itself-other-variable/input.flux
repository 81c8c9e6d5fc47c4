include "nodes.h";

Listen () => (int socket, int from, int to);
Take (int socket, int from, int to) => (int socket, int from, int to);
Put (int socket, int from, int to) => (int socket);
Look (int socket) => (int socket, int id);
Send (int socket, int id) => ();

source Listen => Page;

Page = Transfer -> Look -> Send;
Transfer = Take -> Put;
atomic Transfer: {account[from]};
atomic Put: {account[to]};
atomic Send: {account?[id]};
