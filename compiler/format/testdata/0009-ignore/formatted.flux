// prettier-ignore
Handler:[_,   hit ] = ;
Handler:[_, _] = Read -> Compress;

/* prettier-ignore */
Table (int a,    // first
       int bcd)  // second
  =>  ( ) ;
A = B; // prettier-ignore
C = D;
// prettier-ignore this?
E = F;
