atomic A: {x
B = C;
