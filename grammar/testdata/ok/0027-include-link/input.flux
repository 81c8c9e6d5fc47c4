include "image_server.h";
include "deep/er/header.hpp";
link "libjpeg";
link "openssl";
