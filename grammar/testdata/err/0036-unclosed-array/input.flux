A (int x[4) => ();
