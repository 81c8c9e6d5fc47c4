include "world.h";
Update () => ();
source Tick every 50ms => Update;
timeout Tick: 1s;
