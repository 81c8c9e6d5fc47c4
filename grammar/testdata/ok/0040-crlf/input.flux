// one
A = B
  -> C;
/* two
   three */
include "x.h";
