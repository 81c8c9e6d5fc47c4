source Tick {session: S} every 2s => U;
source Tock every 2s {session: S} => U;
