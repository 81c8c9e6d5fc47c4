source // starts
  Listen /* at */ {/* whose */ session: SessionOf /* it is */} // runs
  => Image;
source Tick every 50 /* or so */ ms => Sweep;
atomic /* all */ A /* of */: /* it */ {
  x /* the first */ ?,
  y, // the second
  z
};
atomic B: {
  // the cache
  cache?,
  /* the log */ log
};
handle error A // the page
  -> B
  => C;
handle error // anything
  * => Log;
wait R: {readable /* what */ s};
timeout A: // long
  15s;
typedef /* set */ hit /* by */ Test /* it */;
include /* mine */ "a.h"; // types
pool db: 8 /* as the machine */;
