Image =
ReadRequest ->
  CheckCache
  ->
Write
;
