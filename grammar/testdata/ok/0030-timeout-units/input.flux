timeout A: 1ms;
timeout B: 15s;
timeout C: 2m;
timeout D: 007s;
