A (int x) => (int y
B (int y) => ();
C = A -> B;
