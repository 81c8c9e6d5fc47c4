pool db: 8;
pool one: 1;
pool most: 2147483647;
pool zeroes: 0008;
