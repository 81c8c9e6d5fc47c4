include "nodes.h";

Update () => ();
source Tick every 50ms => Update;
timeout Update: 20ms;
atomic Update: {world};
