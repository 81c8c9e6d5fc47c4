include "world.h";
Update () => ();
source Tick every 50ms => Update;
handle error Tick => LogIt;
