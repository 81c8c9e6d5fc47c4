// What image-server.flux is made of: the types that travel between its nodes, and the nodes.
#ifndef IMAGE_SERVER_H
#define IMAGE_SERVER_H

#include <flux/flux.hpp>

#include <vector>

#include "image_request.hpp"

namespace photo {

// The other end of a connection.
struct client {
  flux::socket socket;
  bool close = false;    // the client is gone, or the reply under way is its last
  bool drained = false;  // the last read took all there was: to read again now would find nothing

  [[nodiscard]] int fd() const noexcept { return socket.fd(); }
};

using files = std::vector<file_of_image>;

}  // namespace photo

// Where connections come from; opened by init.
extern flux::tcp_listener listener;

// The options, see options.hpp.
void init(int argc, char** argv);

// ---- The client: client.cpp. Where it leaves, or is idle while the server stops, `client` says so. ----

int Listen(photo::client& client, web::input& input);

// Waits until something of a request is there.
int AwaitRequest(photo::client& client, web::input& input);

inline bool IsGone(const photo::client& client) { return client.close; }
inline bool IsTalking(const web::input& input) { return input && input->has_more(); }

// Fails with an HTTP status (400, 413, 414, 421, 431, 501, 505) where what arrives is no request of HTTP.
int ReadHead(photo::client& client, web::input& input, photo::request& request);

// Fails with an HTTP status (400, 404, 405, 413, 501) or photo::wrong_size where it is none for an image.
int ReadOrder(photo::client& client, web::input& input, photo::request& request);

// Writes the answer, and says in `client` whether it is the last.
int Write(photo::client& client, web::input& input, photo::request& request);

// Says that no more will be sent, then reads and drops until the client has closed too.
int Linger(photo::client& client, web::input& input);

int Close(photo::client client, web::input input);

// ---- The cache: images.cpp. ----

// Makes the request a user of the image it asks for, whether that is there, is being made, or is to be made.
int CheckCache(photo::client& client, web::input& input, photo::request& request);

// Nothing is to be done for it, but to be written.
inline bool TestInCache(const photo::request& request) { return request->asks_status || (!request->makes_it && !request->to_await); }
inline bool IsComing(const photo::request& request) { return request->to_await != nullptr; }

// Until the image is there, or its maker has failed: then this fails with the same.
int AwaitImage(photo::client& client, web::input& input, photo::request& request);

int StoreInCache(photo::client& client, web::input& input, photo::request& request);

// The request uses its image no more.
int Complete(photo::client& client, web::input& input, photo::request& request);

// ---- Making an image: images.cpp. ----

// Fails with an errno or a photo::failure.
int ReadInFromDisk(photo::client& client, web::input& input, photo::request& request, photo::pixels& pixels);

int Compress(photo::client& client, web::input& input, photo::request& request, photo::pixels& pixels);

// ---- What has failed: images.cpp. ----

// The answer to what is no request. Fails itself, and so ends the flow, where there is nobody to answer.
int Explain(photo::client& client, web::input& input, int error, photo::request& request);

// Tells all who wait for the image that there is none, if this flow was to make it; then this request is a user of it no more. Cannot fail.
int FourOhFour(photo::client& client, web::input& input, photo::request& request, int error);

// The request is a user of its image no more. Cannot fail.
void Abandon(photo::client& client, web::input& input, photo::request& request, int error);

// ---- Pictures that change: images.cpp. ----

int TakeFiles(photo::files& files);
int CompareFiles(photo::files& files);
int DropChanged(photo::files& files);

#endif
