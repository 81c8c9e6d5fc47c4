timeout A: 52596000m;
timeout B: 3155760000000ms;
