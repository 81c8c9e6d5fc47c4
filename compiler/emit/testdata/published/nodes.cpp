#include "mImpl.h"

int Listen(Listen_out *out) {
  out->socket = 3;
  return 0;
}
int ReadRequest(ReadRequest_in *in, ReadRequest_out *out) {
  out->socket = in->socket;
  return 0;
}
int CheckCache(CheckCache_in *in, CheckCache_out *out) {
  out->socket = in->socket;
  out->rgb_data = nullptr;
  return 0;
}
int Compress(Compress_in *in, Compress_out *out) {
  out->socket = in->socket;
  return 0;
}
int Write(Write_in *in, Write_out *out) {
  out->socket = in->socket;
  return 0;
}
int Complete(Complete_in *in) { return in->socket; }
bool TestInCache(__u8 *rgb_data) { return rgb_data != nullptr; }
int SessionOf(Image_in *in) { return in->socket; }
void FourOhFour(ReadRequest_in *in, int error) { in->socket = error; }
void FourOhFour(Compress_in *in, int error) { in->socket = error; }
void Log(int) {}
void init(int, char **) {}
void Complain(Write_in *in, int error) { in->socket = error; }
int Say(Say_in *in, Say_out *out) {
  out->socket = in->socket + in->error;
  return 0;
}
