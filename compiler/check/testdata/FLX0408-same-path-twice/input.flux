include "image.h";
Listen () => (int socket);
Page (int socket) => ();
source Listen => Image;
Image = Page;
handle error Image -> Page => FourOhFour;
handle error Image -> Page => FiveHundred;
handle error * => LogIt;
handle error _ => LogAll;
