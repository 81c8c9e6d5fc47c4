include "world.h";
Update () => ();
source Tick every 50ms => Update;
source Tock every 50ms => Tick;
