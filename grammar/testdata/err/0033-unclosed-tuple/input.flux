A (int x => (int y);
B = A;
