pool a: 8s;
limit L: 10_000;
limit M: 0x10;
limit N: 10k;
limit O: many;
limit P: -1;
