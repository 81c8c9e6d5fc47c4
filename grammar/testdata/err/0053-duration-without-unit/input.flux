timeout A: 15;
B = C;
