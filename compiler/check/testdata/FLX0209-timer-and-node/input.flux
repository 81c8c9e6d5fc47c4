include "world.h";
Update () => ();
Tick () => ();
Work = Tick -> Update;
source Tick every 50ms => Work;
