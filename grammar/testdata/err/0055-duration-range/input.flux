timeout A: 0s;
timeout B: 99999999999999999999m;
