A = B;
C = été;
