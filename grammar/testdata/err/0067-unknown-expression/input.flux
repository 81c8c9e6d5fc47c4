A (int x = 1 + 2) => ();
B = C | D;
