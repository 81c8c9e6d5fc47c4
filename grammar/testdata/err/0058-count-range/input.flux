pool a: 0;
pool b: 2147483648;
limit L: 00;
