A = B;
/* never closed
C = D;
