source Listen -> Image;
Image = ReadRequest CheckCache -> Write;
atomic CheckCache {cache};
Handler:[_, hit] = Compress
timeout ReadRequest: 15;
handle eror Compress => FourOhFour;
Complete (int socket => ();
ok (int a) => ();
