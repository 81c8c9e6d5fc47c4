// The nodes of image-server.flux that find images, make them, and say what has failed.
#include <cerrno>
#include <cstdio>
#include <utility>

#include "../web-server/file_tree.hpp"
#include "image_server.h"
#include "options.hpp"

namespace {

web::file_tree pictures;
photo::image_cache cache;

// Opens a picture's file. Returns 0 or an errno.
int open_picture(const std::string& path, flux::socket& file, web::file_state& state) {
  struct stat status{};
  std::errc reason{};
  file.reset(pictures.open(path, status, reason));
  if (!file) return static_cast<int>(reason);
  state = web::file_state::of(status);
  return S_ISREG(status.st_mode) ? 0 : ENOENT;
}

// What a request holds in the cache is given back.
void give_back(photo::order& asked) noexcept {
  photo::image* const used = std::exchange(asked.image, nullptr);
  asked.to_await.reset();
  if (used != nullptr) cache.leave(*used);
}

}  // namespace

void init(int argc, char** argv) {
  const photo::options asked = photo::read_options(argc, argv);
  pictures.set_root(asked.root);
  cache.set_limit(asked.cache_bytes);
  // A client of HTTP speaks first, so a connection is of no interest before it has.
  listener.open(asked.host, asked.port, {.defer_accept = true});
  std::printf("serving the pictures in %s on %s\n", asked.root, photo::url(asked.host, listener.port()).c_str());
  std::fflush(stdout);
}

int CheckCache(photo::client&, web::input&, photo::request& request) {
  photo::order& asked = *request;
  if (asked.asks_status) {
    asked.counts = cache.counts();
    return 0;
  }
  photo::image_cache::entered entered = cache.enter(asked.name, asked.path);
  asked.image = entered.image;
  asked.makes_it = entered.is_first;
  asked.to_await = std::move(entered.to_await);
  return 0;
}

int AwaitImage(photo::client&, web::input&, photo::request& request) {
  photo::order& asked = *request;
  if (!asked.image->is_settled.load(std::memory_order_acquire)) return flux::again;
  asked.to_await.reset();
  return asked.image->error;
}

int ReadInFromDisk(photo::client&, web::input&, photo::request& request, photo::pixels& pixels) {
  flux::socket file;
  web::file_state state;
  if (const int failed = open_picture(request->path, file, state)) return failed;
  const int failed = photo::read_ppm(file.fd(), static_cast<std::uint64_t>(state.size), request->size, pixels);
  pixels.source = state;
  return failed;
}

int Compress(photo::client&, web::input&, photo::request& request, photo::pixels& pixels) {
  int failed = 0;
  request->made = photo::make_page(*request, pixels, failed);
  return failed;
}

int StoreInCache(photo::client&, web::input&, photo::request& request) {
  request->makes_it = false;
  cache.settle(*request->image, std::move(request->made));
  return 0;
}

int Complete(photo::client&, web::input&, photo::request& request) {
  give_back(*request);
  return 0;
}

int Explain(photo::client& client, web::input& input, int error, photo::request& request) {
  if (error != ETIMEDOUT && (error < 400 || error > 599)) return error;  // the client is gone
  client.close = true;
  if (!request) request = photo::request::make();
  request->reply = photo::refusal(error == ETIMEDOUT ? 408 : error, input->refuses_head());
  return 0;
}

int FourOhFour(photo::client& client, web::input&, photo::request& request, int error) {
  photo::order& asked = *request;
  if (asked.makes_it) {
    asked.makes_it = false;
    cache.fail(*asked.image, error);
  }
  give_back(asked);
  client.close = true;
  asked.error = error;
  return 0;
}

void Abandon(photo::client&, web::input&, photo::request& request, int) { give_back(*request); }

int TakeFiles(photo::files& files) {
  files = cache.files();
  return 0;
}

int CompareFiles(photo::files& files) {
  for (photo::file_of_image& each : files) {
    flux::socket file;
    web::file_state now;
    const int failed = open_picture(each.path, file, now);
    // Who has no descriptor left has not seen the file.
    const bool unseen = failed == EMFILE || failed == ENFILE || failed == ENOMEM;
    each.has_changed = failed == 0 ? now != each.state : !unseen;
  }
  return 0;
}

int DropChanged(photo::files& files) {
  cache.drop_changed(files);
  return 0;
}
