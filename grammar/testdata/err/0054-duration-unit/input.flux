timeout A: 15sec;
timeout B: 2h;
timeout C: 5us;
source T every 1S => A;
