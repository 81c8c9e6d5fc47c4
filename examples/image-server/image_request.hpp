// What a client asks for, read from the head of its request, and what becomes of it. Knows neither files nor the cache's inside.
#ifndef IMAGE_SERVER_IMAGE_REQUEST_HPP
#define IMAGE_SERVER_IMAGE_REQUEST_HPP

#include <string>
#include <string_view>

#include "../web-server/http_reply.hpp"
#include "../web-server/http_request.hpp"
#include "image_cache.hpp"
#include "picture.hpp"

namespace photo {

inline constexpr int kDefaultQuality = 75;

// One request.
struct order {
  web::request http;
  bool asks_status = false;  // for /status
  std::string path;          // of the picture under the root
  std::string name;          // of the image, see photo::image
  wanted_size size;
  int quality = kDefaultQuality;

  // From CheckCache to Complete, or to FourOhFour: the image this request is a user of.
  photo::image* image = nullptr;
  bool makes_it = false;    // and this flow is the one that makes it
  photo::signal to_await;   // or another does
  web::page made;           // between Compress and StoreInCache
  image_counts counts;      // for /status
  int error = 0;            // why there is no image

  web::reply reply;

  void clear() noexcept {
    http.reset();
    asks_status = false;
    path.clear();
    name.clear();
    size = {};
    quality = kDefaultQuality;
    image = nullptr;
    makes_it = false;
    to_await.reset();
    made.reset();
    error = 0;
    reply.reset();
  }
};

// One pointer, so that the record of an idle connection stays small.
struct request : web::recycled<order> {
  request() = default;
  request(web::recycled<order> made) noexcept : recycled(std::move(made)) {}

  // What AwaitImage waits for.
  [[nodiscard]] int fd() const noexcept { return *this && (*this)->to_await ? (*this)->to_await->fd() : -1; }
};

// Reads what the head of `asked.http` asks for. Returns 0, `wrong_size`, or the status that refuses it: 404 for a name that cannot be a
// picture's, 400 for an escape that is none, 405 or 501 for another method than GET and HEAD, 413 for a request with a body.
[[nodiscard]] int read_order(order& asked);

// The image as it is sent. REQUIRES: `source` is what it was made of. Throws std::bad_alloc.
[[nodiscard]] web::page make_page(const order& asked, const pixels& picture, int& failed);

// The reply with the image, or the status, or the error.
[[nodiscard]] web::reply answer(const order& asked, web::connection connection);

// The reply to what has failed: `error` is a `failure`, an errno, an HTTP status or one of flux::. The last of its connection. `head`: it
// answers a HEAD.
[[nodiscard]] web::reply refusal(int error, bool head);

}  // namespace photo

#endif
