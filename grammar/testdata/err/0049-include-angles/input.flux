include <stdio.h>;
A = B;
