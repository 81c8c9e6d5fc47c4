// In the form of the first published programs: no header, structs.
Listen () => (int socket);
ReadRequest (int socket) => (int socket, bool close, image_tag *request);
CheckCache (int socket, bool close, image_tag *request) => (int socket, bool close, image_tag *request, __u8 *rgb_data);
Compress (int socket, bool close, image_tag *request, __u8 *rgb_data) => (int socket, bool close, image_tag *request);
Write (int socket, bool close, image_tag *request) => (int socket);
Complete (int socket) => ();

typedef hit TestInCache;

source Listen {session: SessionOf} => Image;

Image = ReadRequest -> CheckCache -> Handler -> Write -> Complete;
Handler:[_, _, _, hit] = Compress;
Handler:[*, *, *, *] = Compress;

atomic CheckCache: {cache};

handle error ReadRequest => FourOhFour;
handle error Compress => FourOhFour;
handle error * => Log;

// With a signature, which may leave `int error` out: its function takes it all the same.
Complain (int socket, bool close) => ();
handle error Write => Complain;

// Abstract: the first node's own struct has the error.
handle error Complete => Apologise;
Apologise = Say -> Complete;
Say (int socket, int error) => (int socket);
