source Tick every 50ms => UpdateWorld;
source every every 1m => Sweep;
