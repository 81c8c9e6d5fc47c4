A = B;
C = D;
