timeout A: 15 s;
timeout B: 100
  ms;
