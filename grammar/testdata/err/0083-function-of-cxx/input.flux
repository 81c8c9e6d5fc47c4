Read (int socket) => (int socket);
int Read(int socket) {
  int n = 0;
  if (n > 0) {
    return n;
  }
  return 0;
}
Write (int socket) => ();
Page = Read -> Write;
source Listen => Page;
