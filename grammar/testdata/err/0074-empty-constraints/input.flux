atomic A: {};
wait B: {};
B = C;
