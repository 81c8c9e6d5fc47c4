// For tests: whether what the web server makes of PHP's bytes depends on how they were cut up on their way. Reads from stdin streams of bytes,
// each behind a line with its length; plays each whole, byte by byte, and in two pieces, cut at every place. For each it prints a line with
// what was made of the whole, and one for every way of cutting that gave something else. Opens no socket.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "../cgi_reply.hpp"
#include "../fastcgi.hpp"

namespace {

class answer {
 public:
  void take(std::string_view piece) {
    using event = web::fastcgi::reader::event;
    std::string_view text;
    while (how_ == "more") {
      switch (reader_.next(piece, text)) {
        case event::more: return;
        case event::output: output_ += text; break;
        case event::error: errors_ += text; break;
        case event::garbage: how_ = "garbage"; break;
        case event::end: how_ = "ended " + std::to_string(static_cast<int>(reader_.how_it_ended())); break;
      }
    }
    // Only what is behind the end says whether the connection can be used again, and it may come at any time.
    clean_ = clean_ && (how_ == "garbage" || reader_.next(piece, text) == event::more);
  }

  [[nodiscard]] std::string made() const {
    const std::size_t end = web::cgi_head_end(output_, 0);
    web::cgi_head head;
    std::string made = how_ + (clean_ && reader_.is_between_requests() ? " clean" : "") + " | ";
    if (end == std::string::npos) {
      made += "no head";
    } else if (!web::parse_cgi_head(std::string_view(output_).substr(0, end), head)) {
      made += "refused";
    } else {
      made += std::to_string(head.status) + ' ' + head.reason + ' ' + (head.length ? std::to_string(*head.length) : "-") + ' ' + head.fields + output_.substr(end);
      // No byte of it may begin a line that the program did not write as a field, or end the head.
      for (std::size_t at = head.fields.find('\n'); at != std::string::npos; at = head.fields.find('\n', at + 1)) {
        if (at == 0 || head.fields[at - 1] != '\r' || head.fields[at + 1] == '\r' || head.fields[at + 1] == ' ') made += " | a head that breaks out";
      }
      if (head.fields.find('\0') != std::string::npos || head.reason.find_first_of("\r\n\0") != std::string::npos) made += " | a head that breaks out";
    }
    return made + " | " + errors_;
  }

 private:
  web::fastcgi::reader reader_;
  std::string how_ = "more";
  std::string output_;
  std::string errors_;
  bool clean_ = true;
};

std::string line_of(std::string_view made) {
  std::string line;
  for (const char byte : made) {
    if (byte == '\n') {
      line += ';';
    } else if (byte != '\r') {
      line += byte;
    }
  }
  return line;
}

void play(std::string_view bytes) {
  answer whole;
  whole.take(bytes);
  const std::string expected = whole.made();
  std::cout << "whole " << line_of(expected) << '\n';
  const auto compare = [&](const answer& other, std::string_view how) {
    if (const std::string made = other.made(); made != expected) std::cout << how << ' ' << line_of(made) << '\n';
  };
  answer bytewise;
  for (const char& byte : bytes) bytewise.take({&byte, 1});
  compare(bytewise, "byte by byte");
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    answer halves;
    halves.take(bytes.substr(0, at));
    halves.take(bytes.substr(at));
    compare(halves, "cut at " + std::to_string(at));
  }
}

}  // namespace

int main() {
  std::string length;
  while (std::getline(std::cin, length)) {
    std::string bytes(static_cast<std::size_t>(std::strtoul(length.c_str(), nullptr, 10)), '\0');
    std::cin.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    play(bytes);
  }
}
