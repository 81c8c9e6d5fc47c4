// first
A = /* inside */ B // behind
  -> C; /* two
lines */
/**/ /***/ // last, without a line end