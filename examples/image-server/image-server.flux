// An image server: pictures lie on the disk as PPM, clients get JPEG in the size they ask for, and what was made is kept in a cache.
//
// The flow is the one of "Flux: A Language for Programming High-Performance Servers" (USENIX ATC 2006):
// ReadRequest -> CheckCache -> Handler -> Write -> Complete. Around it stands what HTTP/1.1 adds: a connection serves many requests.

include "image_server.h";
link "libjpeg";

// ---- What starts a flow: each accepted connection is one, 10,000 at a time. ----

source Listen => Connection;
wait Listen: {readable listener};
limit Listen: 10000;

// Once a second the files of the images that are kept are looked at: what was made of one that has changed since is dropped.
source Second every 1s => Refresh;
Refresh = TakeFiles -> CompareFiles -> DropChanged;

// ---- What a flow does. ----

// One round a request.
Connection = AwaitRequest -> Round;

typedef gone IsGone;
typedef talking IsTalking;

Round:[gone, _] = Close;
Round:[_, _] = Image -> Next;

Image = ReadRequest -> CheckCache -> Handler -> Write -> Complete;

// What HTTP says, and then what that means here.
ReadRequest = ReadHead -> ReadOrder;

// An image is made by the first flow that asks for it. Others that ask for it meanwhile wait for that one, and hold nothing while they do.
typedef hit TestInCache;
typedef coming IsComing;

Handler:[_, _, hit] = ;
Handler:[_, _, coming] = AwaitImage;
Handler:[_, _, _] = ReadInFromDisk -> Compress -> StoreInCache;

// Closing while a client's bytes are unread would throw the last answer away, so the server listens a little longer.
Next:[gone, talking] = Linger;
Next:[gone, _] = Close;
Next:[_, _] = Connection;

// ---- What must be atomic. From CheckCache to Complete a request counts as a user of its image, and the cache drops none that has one. ----

atomic CheckCache: {cache};
atomic StoreInCache: {cache};
atomic Complete: {cache};
atomic FourOhFour: {cache};
atomic Abandon: {cache};
atomic TakeFiles: {cache};
atomic DropChanged: {cache};

// ---- How long a client may take, and how long it waits for what another has asked for. ----

timeout AwaitRequest: 60s;
timeout ReadHead: 15s;
timeout AwaitImage: 60s;
timeout Write: 5m;
timeout Linger: 2s;

// ---- Where a flow waits. It holds no thread of a pool and no stack while it does. ----

wait AwaitRequest: {readable client};
wait ReadHead: {readable client};
wait AwaitImage: {readable request};
wait Write: {writable client};
wait Linger: {readable client};

// They go to the disk, or take the processor for milliseconds.
blocking ReadInFromDisk;
blocking Compress;
blocking CompareFiles;

// ---- What happens when something goes wrong. ----

// What is no request, or does not arrive in time, gets an answer that says so (400, 408, …). There is no request yet that could be asked.
handle error ReadHead => Refuse;
Refuse = Explain -> Write -> Complete -> Linger;

// It asks for no image that could be; there is no such picture, or it is none (400, 404, 500, 503). Who waits for it is told the same.
handle error ReadOrder => Sorry;
handle error CheckCache => Sorry;
handle error Handler => Sorry;
Sorry = FourOhFour -> Write -> Complete -> Linger;

// A client that does not take its image loses the connection.
handle error Write => Abandon;

// ---- The nodes: ordinary functions in C++. ----

Listen () => (photo::client client, web::input input);

AwaitRequest (photo::client client, web::input input) => (photo::client client, web::input input);

ReadHead (photo::client client, web::input input)
  => (photo::client client, web::input input, photo::request request);

ReadOrder (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input, photo::request request);

CheckCache (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input, photo::request request);

AwaitImage (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input, photo::request request);

ReadInFromDisk (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input, photo::request request, photo::pixels pixels);

Compress (photo::client client, web::input input, photo::request request, photo::pixels pixels)
  => (photo::client client, web::input input, photo::request request);

StoreInCache (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input, photo::request request);

Write (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input, photo::request request);

Complete (photo::client client, web::input input, photo::request request)
  => (photo::client client, web::input input);

Explain (photo::client client, web::input input, int error)
  => (photo::client client, web::input input, photo::request request);

FourOhFour (photo::client client, web::input input, photo::request request, int error)
  => (photo::client client, web::input input, photo::request request);

Abandon (photo::client client, web::input input, photo::request request, int error) => ();

Linger (photo::client client, web::input input) => ();

Close (photo::client client, web::input input) => ();

TakeFiles () => (photo::files files);

CompareFiles (photo::files files) => (photo::files files);

DropChanged (photo::files files) => ();
