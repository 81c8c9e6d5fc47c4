include "image.h";
Listen () => (int socket, bool close, image_tag *request);
Small (int socket, bool close, image_tag *request) => ();
Large (int socket, bool close, image_tag *request) => ();
typedef hit InCache;
source Listen => Page;
Page:[_, hit] = Small;
Page:[_, _, _] = Large;
