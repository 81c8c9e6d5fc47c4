include "world.h";
Update (int world) => ();
source Tick every 50ms => Update;
