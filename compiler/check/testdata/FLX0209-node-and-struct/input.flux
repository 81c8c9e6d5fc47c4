Listen () => (int socket);
Page (int socket) => (int socket);
Page_in (int socket) => ();
source Listen => Image;
Image = Page -> Page_in;
