Image = ReadRequest -> CheckCache -> Handler -> Write -> Complete;
Long = ReadRequest
  -> CheckCredentials
  -> LookIntoTheCache
  -> ReadFromTheDisk
  -> Compress
  -> StoreInTheCache
  -> Write;
Groups = (A -> B) -> ((C));
LongGroups = ReadRequest
  -> (CheckCredentials -> LookIntoTheCache -> ReadFromTheDisk)
  -> Compress
  -> (StoreInTheCache);
LongerGroups = ReadRequest
  -> (CheckCredentials
    -> LookIntoTheCache
    -> ReadFromTheDisk
    -> Compress
    -> StoreInTheCache
    -> WriteItAll)
  -> Close;
Empty = ;
Handler:[_, _, hit] = ;
Handler:[*, _, miss] = ReadInFromDisk -> Compress -> StoreInCache;
Handler:[_, _, something_that_was_never_seen_before] = ReadInFromDisk
  -> Compress
  -> StoreInCache
  -> Write;
