include "nodes.h";

Listen () => (int socket, int from, int to);
Move (int socket, int from, int to) => (int socket, int from, int to);
Show (int socket, int from, int to) => (int socket, int to);
Send (int socket, int to) => ();

source Listen => Page;

Page = Transfer -> Send;
Transfer = Move -> Show;
atomic Transfer: {account[from], account[to], log};
atomic Move: {account[to]};
atomic Show: {account?[from], log};
atomic Send: {log?};
