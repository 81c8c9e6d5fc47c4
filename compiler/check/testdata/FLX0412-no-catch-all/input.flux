include "image.h";
Listen () => (int socket, bool close);
Small (int socket, bool close) => ();
typedef tiny IsTiny;
source Listen => Page;
Page:[tiny, _] = Small;
