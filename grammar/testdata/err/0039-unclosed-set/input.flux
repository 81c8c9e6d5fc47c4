atomic A: {x, y;
B = C;
