include "world.h";
Update () => ();
source Tick every 50ms => World;
World = Update -> Tick;
