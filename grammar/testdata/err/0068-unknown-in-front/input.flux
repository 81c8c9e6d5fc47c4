@A = B;
C = D;
