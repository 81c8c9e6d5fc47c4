typedef inCache TestInCache;

Page (int socket) => ();

ReadRequest (int socket) => (int socket, bool close, char* request);

Listen ()
	=> (int socket);

source Listen => Page;

Handler:[*, *, inCache]=;
Handler:[*, *, *]=Read -> Compress;

Page = ReadRequest->Handler;

atomic Handler:{cache};
handle error Read => NotFound;
