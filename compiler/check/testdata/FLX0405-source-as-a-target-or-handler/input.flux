include "image.h";
Listen () => ();
Secure () => ();
Page () => ();
source Listen => Secure;
source Secure => Page;
source Report => Page;
Report () => ();
handle error Page => Report;
