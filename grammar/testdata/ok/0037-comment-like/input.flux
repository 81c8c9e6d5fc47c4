A = B; // /* not open
C = D; /* // not a line */ E = F;
/* /* no nesting */ G = H;
