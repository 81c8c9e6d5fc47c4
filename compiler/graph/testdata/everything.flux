// Every kind of box, line and mark.
include "everything.h";

source Listen {session: SessionOf} => Connection;
source Tick every 50ms => Sweep;
limit Listen: 10000;
wait Listen: {readable listener};

Connection = Read -> Serve;
typedef quit IsQuit;
typedef known IsKnown;
Serve:[_, quit] = Forget -> Close;
Serve:[_, known] = Look -> Reply -> Connection;
Serve:[_, _] = Make -> Reply -> Connection;
Look:[_, known] = ;
Look:[_, _] = Fetch;
Reply = Format -> Send;
Fail = Explain -> Reply -> Close;

atomic Fetch: {table?, bucket[key]};
atomic Make: {table};
pool db: 8;
atomic Sweep: {db, table};
blocking Make;
wait Read: {readable client};
wait Send: {writable client};
timeout Read: 15s;
timeout Serve: 2m;

handle error Read => Fail;
handle error Serve -> Look -> Fetch => Fail;
handle error Sweep => Note;
handle error * => Note;

Listen () => (int client);
Read (int client) => (int client, int key);
Fetch (int client, int key) => (int client, int key);
Make (int client, int key) => (int client, int key);
Format (int client, int key) => (int client, int key);
Send (int client, int key) => (int client);
Forget (int client, int key) => (int client);
Close (int client) => ();
Explain (int client, int error) => (int client, int key);
Sweep () => ();
Note (int error) => ();
