// one
A=B // two
->C;


/* three
   four */
