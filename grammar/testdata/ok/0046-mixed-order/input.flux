handle error B => C;
atomic B: {x};
A = B;
limit L: 3;
B () => ();
source L => A;
typedef t T;
