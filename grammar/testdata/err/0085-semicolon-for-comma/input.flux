A (int x; int y) => (int z);
B = A;
