/* first */ // and second
A = B; // behind
C = D; /* behind, too */
E = F;
/* leads */ G = H;
/* a */ /* b */ I = J; // last
/*
 * A block
 *   as it is.
 */
K = L; /* begins here
  ends here */ // and on
// above

// two

/* three */ /* four */
M = N; // no line end
