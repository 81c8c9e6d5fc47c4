include "image.h";
Select (int clients) => (int socket);
Page (int socket) => ();
Listen = Select;
source Listen => Page;
