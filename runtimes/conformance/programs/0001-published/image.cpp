// An image server in the published form, without a network: structs in, structs out, nothing but what the first compiler knew.
#include "mImpl.h"

#include <cstring>
#include <map>

#include "../trace.hpp"

namespace {

constexpr int kRequests = 12;
constexpr const char* kNames[] = {"apple", "pear", "lost", "plum"};

std::atomic<int> ended = 0;
std::map<std::string, image_tag*> cache;  // guarded by the constraint

}  // namespace

void init(int argc, char** argv) { conformance::say("init with %d arguments: %s", argc, argc > 1 ? argv[1] : "-"); }

int Listen(Listen_out* out) {
  static int socket = 0;
  if (out->socket != 0) std::abort();  // an output begins as zero
  if (socket == kRequests) {
    // No more requests: a source that fails is called again, less and less often.
    if (ended == kRequests) flux::stop();
    return ENOENT;
  }
  out->socket = ++socket;
  return 0;
}

int ReadRequest(ReadRequest_in* in, ReadRequest_out* out) {
  out->socket = in->socket;
  out->close = true;
  out->request = new image_tag{kNames[in->socket % 4], 1, nullptr};
  return 0;
}

int CheckCache(CheckCache_in* in, CheckCache_out* out) {
  out->socket = in->socket;
  out->close = in->close;
  out->request = in->request;
  const auto found = cache.find(in->request->name);
  if (found == cache.end()) return 0;
  delete in->request;
  out->request = found->second;
  ++found->second->references;
  return 0;
}

bool TestInCache(image_tag* request) { return request->jpeg != nullptr; }

int ReadInFromDisk(ReadInFromDisk_in* in, ReadInFromDisk_out* out) {
  if (in->request->name == "lost") return 404;
  out->socket = in->socket;
  out->close = in->close;
  out->request = in->request;
  out->rgb_data = new __u8[3]{1, 2, 3};
  return 0;
}

int Compress(Compress_in* in, Compress_out* out) {
  in->request->jpeg = in->rgb_data;
  out->socket = in->socket;
  out->close = in->close;
  out->request = in->request;
  return 0;
}

int StoreInCache(StoreInCache_in* in, StoreInCache_out* out) {
  out->socket = in->socket;
  out->close = in->close;
  out->request = in->request;
  if (cache.contains(in->request->name)) return 0;  // another flow was faster; this one keeps its own
  cache[in->request->name] = in->request;
  ++in->request->references;
  return 0;
}

int Write(Write_in* in, Write_out* out) {
  conformance::note("request %2d for %s is answered with %d, close %d", in->socket, in->request->name.c_str(), in->request->jpeg[2], in->close);
  out->socket = in->socket;
  out->close = in->close;
  out->request = in->request;
  return 0;
}

int Complete(Complete_in* in) {
  if (--in->request->references == 0) {
    delete[] in->request->jpeg;
    delete in->request;
  }
  ++ended;
  return 0;
}

void FourOhFour(ReadInFromDisk_in* in, int error) {
  conformance::note("request %2d for %s failed with %d", in->socket, in->request->name.c_str(), error);
  delete in->request;
  ++ended;
}

void finish() {
  conformance::say_notes();
  for (const auto& [name, image] : cache) {
    conformance::say("%s is in the cache, used by %d", name.c_str(), image->references - 1);
    delete[] image->jpeg;
    delete image;
  }
}
