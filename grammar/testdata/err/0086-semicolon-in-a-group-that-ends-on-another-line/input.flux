A = (B;
C (int x) => ();
