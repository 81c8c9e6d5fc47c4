include "image_server.h";
link "libjpeg";
source Listen => Image;
source Listen {session: SessionOf} => Image;
source Tick every 50ms {session: S} => UpdateWorld;
source TheListenerOfTheAdministrators {session: TheSessionOfTheAdministrator}
  => WhatTheAdministratorsMayDo;
typedef hit TestInCache;
atomic CheckCache: {cache?};
atomic A: {cache?(session), bucket[key]!, x};
atomic StoreInTheCacheOfTheImages: {
  cache_of_the_images,
  index_of_the_cache?,
  bucket[key](session),
  log
};
handle error * => LogIt;
handle error Page -> ReadWrite => H;
handle error TheConnectionOfAClient
  -> TheRequestThatItSent
  -> TheFileThatItAsksFor
  => WhatIsThenToBeDone;
wait Listen: {readable net::listener};
wait Relay: {readable from, writable to};
timeout A: 15s;
timeout B: 15s;
blocking ReadInFromDisk;
pool db: 8;
limit Listen: 10000;
