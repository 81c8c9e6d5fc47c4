include "image.h";
Listen () => (char name[64]);
Page (void (*callback)(int)) => ();
source Listen => Page;
