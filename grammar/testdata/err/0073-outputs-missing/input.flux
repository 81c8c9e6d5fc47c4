A (int x);
B (int y) => ;
