include "world.h";
Update () => ();
source Tick every 50ms => Update;
atomic Tick: {world};
