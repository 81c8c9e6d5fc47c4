A (int x,) => ();
B (, int y) => ();
C (int x = 3) => ();
