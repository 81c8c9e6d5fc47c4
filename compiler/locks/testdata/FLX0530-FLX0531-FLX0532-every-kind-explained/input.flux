// A bank: accounts are keys, a customer's session counts requests, the database has eight connections.
include "nodes.h";

Listen () => (int socket, int customer, int from, int to);
Greet (int socket, int customer, int from, int to) => (int socket, int customer, int from, int to);
Look (int socket, int customer, int from, int to) => (int socket, int customer, int from, int to);
Take (int socket, int customer, int from, int to) => (int socket, int customer, int from, int to);
Pay (int socket, int customer, int from, int to) => (int socket, int customer, int from, int to);
Note (int socket, int customer, int from, int to) => (int socket, int customer, int from, int to);
Owner (int socket, int customer, int from, int to) => (int socket, int customer, int owner, int to);
Fee (int socket, int customer, int owner, int to) => (int socket, int customer, int owner, int to);
Write (int socket, int customer, int owner, int to) => ();
Every () => (int day);
Count (int day) => (int day);
Store (int day) => ();

source Listen {session: CustomerOf} => Page;
source Every => Close;

Page = Greet -> Look -> Transfer -> Charge -> Write;
Transfer = Take -> Put;
Put = Pay -> Note;
Charge = Owner -> Fee;
Close = Count -> Store;

pool database: 8;
atomic Greet: {visits(session)};
atomic Look: {account?[from], account?[to]};
atomic Transfer: {account[from], account?[to]};
atomic Put: {account[to], database};
atomic Charge: {account[from], visits?(session)};
atomic Fee: {account[owner]};
atomic Note: {log};
atomic Write: {log?};
atomic Close: {log};
atomic Count: {account?};
atomic Store: {database};
