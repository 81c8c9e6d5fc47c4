A = B;
