Image = ReadRequest // what they want
  -> CheckCache // perhaps it is here
  -> Write;
Late = ReadRequest -> // what they want
  CheckCache -> // perhaps it is here
  Write;
Above =
  // first of all
  ReadRequest ->
  // then
  CheckCache;
Inline = A /* a */ -> /* b */ B /* c */ -> C;
Empty = /* nothing */ ;
Nothing = // nothing to do
  ;
Below =
  // nothing to do
  ;
End = A // the end
  ;
Group = A -> ( // together
  B -> C // the last of them
  ) -> D;
Handler:[_, // the socket
  hit] = Send;
