// The access log: lines gather in memory and are written together. Has no lock of its own: web-server.flux says who holds `log`.
#ifndef WEB_SERVER_ACCESS_LOG_HPP
#define WEB_SERVER_ACCESS_LOG_HPP

#include <string>
#include <string_view>

namespace web {

class access_log {
 public:
  // Appends to a file, or to stdout where it is called "-". Throws std::system_error with its name. Before everything else.
  void open(const char* name);

  [[nodiscard]] bool is_open() const noexcept { return file_ >= 0; }

  // REQUIRES of both: the caller holds `log`.
  void add(std::string_view line);
  void take() noexcept { taken_.swap(lines_); }

  // Writes what was taken. Blocks as writing does. REQUIRES: one caller at a time, the one that takes.
  void write() noexcept {
    write(taken_);
    taken_.clear();
  }

 private:
  // What cannot be written is lost, and that is said once.
  void write(std::string_view lines) noexcept;

  // Lines wait a second to be written; what is more than this by then is written by whoever adds to it.
  static constexpr std::size_t kMost = 1024 * 1024;

  int file_ = -1;
  bool failed_ = false;
  std::string lines_;
  std::string taken_;
};

extern access_log log;

// As the log writes it; `-` where there is none. Asks the kernel, which forgets a client that has reset its connection.
void append_address(std::string& line, int client);

}  // namespace web

#endif
