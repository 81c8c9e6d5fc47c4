// For tests: whether what the web server makes of a client's bytes depends on how they were cut up on their way. Reads from stdin streams of
// bytes, each behind a line with its length; plays each whole, byte by byte, and in two pieces, cut at every place. For each it prints a line
// with what was made of the whole, and one for every way of cutting that gave something else. Opens no socket.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <flux/again.hpp>
#include <iostream>
#include <string>
#include <string_view>

#include "../http_request.hpp"

namespace {

// A connection, as AwaitRequest, ReadHead and ReadBody (client.cpp) go through it.
class connection {
 public:
  void take(std::string_view piece) {
    if (place_ == place::closed) return;
    if (!input_) input_ = web::input::make();
    input_->add(piece);
    while (place_ != place::closed && go_on()) {
    }
  }

  [[nodiscard]] const std::string& made() const { return made_; }

 private:
  enum class place { before, head, body, closed };

  // False if more must come.
  bool go_on() {
    switch (place_) {
      case place::before:
        if (!input_->has_request()) {
          if (input_->is_empty()) input_ = web::input::make();
          return false;
        }
        place_ = place::head;
        return true;
      case place::head: return answered(input_->next_head(request_), place::head);
      case place::body: return answered(input_->next_body(), place::body);
      case place::closed: break;
    }
    return false;
  }

  bool answered(int result, place of) {
    if (result == flux::again) return false;
    if (result != 0) {
      made_ += std::to_string(result) + (input_->refuses_head() ? " without content\n" : "\n");
      place_ = place::closed;
      return true;
    }
    const web::request_head& head = request_->head;
    if (of == place::head) {
      made_ += std::string(head.line) + " | " + std::string(head.path) + " | " + std::to_string(head.content_length) + '\n';
      if (head.framing != web::framing::none) {
        place_ = place::body;
        return true;
      }
    }
    place_ = head.keep_alive ? place::before : place::closed;
    return true;
  }

  place place_ = place::before;
  web::input input_;
  web::request request_;
  std::string made_;
};

std::string in_two(std::string_view bytes, std::size_t cut) {
  connection played;
  played.take(bytes.substr(0, cut));
  played.take(bytes.substr(cut));
  return played.made();
}

std::string one_by_one(std::string_view bytes) {
  connection played;
  for (std::size_t at = 0; at < bytes.size(); ++at) played.take(bytes.substr(at, 1));
  return played.made();
}

// On one line, and nothing in it that a terminal takes for itself.
std::string shown(const std::string& made) {
  std::string text;
  for (const char byte : made) text += byte == '\n' ? ';' : byte < ' ' || byte > '~' ? '?' : byte;
  return text;
}

}  // namespace

int main() {
  std::string length;
  while (std::getline(std::cin, length)) {
    std::string bytes(std::strtoull(length.c_str(), nullptr, 10), '\0');
    std::cin.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const std::string whole = in_two(bytes, bytes.size());
    std::printf("whole %s\n", shown(whole).c_str());
    const std::string single = one_by_one(bytes);
    if (single != whole) std::printf("byte by byte %s\n", shown(single).c_str());
    // Of what is very long, as many places as are tried of what is not.
    const std::size_t step = 1 + bytes.size() / 2'000 * 4;
    for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
      const std::string made = in_two(bytes, cut);
      if (made != whole) std::printf("cut at %zu %s\n", cut, shown(made).c_str());
    }
  }
  return 0;
}
