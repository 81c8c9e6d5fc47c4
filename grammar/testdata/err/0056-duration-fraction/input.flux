timeout A: 1.5s;
B = C;
