atomic A {x};
timeout A 5s;
H[_] = B;
