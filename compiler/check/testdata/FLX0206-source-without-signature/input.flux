include "image.h";
Page (int socket) => ();
source Accept => Page;
blocking Accept;
