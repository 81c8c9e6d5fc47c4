Listen (/* nothing */) => (int socket /* accepted */);
Read (
  int socket, // from the source
  bool close,
  /* after the answer */ char *text
  // nothing else
) => (int socket);
Write (
  // nothing yet
) => ( // nothing ever
);
Trailing (
  int a, // the first
  int b
) => (int c);
Arrow (int a) // what comes out
  => (int b);
Above (int a)
  // what comes out
  => (int b);
Name /* of it */ (int a) /* in */ => /* out */ (int b) /* end */;
In (
  std:: /* which */ string /* what */ text,
  const // a line
    char *name
) => ();
