include server;
link libjpeg;
link "";
