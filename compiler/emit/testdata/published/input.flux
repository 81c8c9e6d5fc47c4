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
