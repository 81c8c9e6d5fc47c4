// Pages: reading a file, and the lines of a head that every reply with it has.
#include "page_maker.hpp"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <vector>

#include "http_date.hpp"
#include "http_reply.hpp"

namespace web {
namespace {

void append_hex(std::string& text, std::uint64_t number) {
  std::array<char, 16> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16);
  text.append(digits.data(), end);
}

void describe(contents& made, std::string_view type) {
  made.type = "Content-Type: ";
  made.type += type;
  made.type += "\r\n";
  write_head(made);
}

// Appends `size` bytes. False where the file ended before, or the disk failed.
bool read_all(int file, std::string& text, std::size_t size) {
  const std::size_t before = text.size();
  text.resize(before + size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t length = ::pread(file, text.data() + before + done, size - done, static_cast<off_t>(done));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return false;
    done += static_cast<std::size_t>(length);
  }
  return true;
}

void append_escaped(std::string& html, std::string_view text) {
  for (const char byte : text) {
    switch (byte) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      default: html += byte;
    }
  }
}

void append_encoded(std::string& url, std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char byte : name) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || std::string_view("-._~").find(byte) != std::string_view::npos;
    if (plain) {
      url += byte;
    } else {
      url += '%';
      url += kDigits[static_cast<unsigned char>(byte) / 16];
      url += kDigits[static_cast<unsigned char>(byte) % 16];
    }
  }
}

}  // namespace

page file_page(flux::socket file, const file_state& state, std::string_view path, std::size_t most_in_memory) {
  page made = page::make();
  made->state = state;
  made->size = state.size;
  // A file from the future is as old as its reply (RFC 9110, 8.8.2.1).
  made->modified = std::min<std::time_t>(state.modified / 1'000'000'000, now());
  made->etag = '"';
  append_hex(made->etag, static_cast<std::uint64_t>(state.modified));
  made->etag += '-';
  append_hex(made->etag, static_cast<std::uint64_t>(state.size));
  made->etag += '"';
  made->about = "Last-Modified: ";
  append_date(made->about, made->modified);
  made->about += "\r\nETag: ";
  made->about += made->etag;
  made->about += "\r\nAccept-Ranges: bytes\r\n";
  describe(*made.operator->(), content_type(path));
  if (static_cast<std::size_t>(state.size) > most_in_memory) {
    made->file = file.release();
  } else {
    made->counted = static_cast<std::size_t>(state.size);
    bytes_in_memory.fetch_add(made->counted, std::memory_order_relaxed);
    if (!read_all(file.fd(), made->whole, made->counted)) return {};
  }
  return made;
}

page folder_page(flux::socket folder, std::string_view path) {
  struct closing {
    void operator()(DIR* open) const noexcept { ::closedir(open); }
  };
  const std::unique_ptr<DIR, closing> open(::fdopendir(folder.fd()));
  if (!open) return {};
  // The stream owns it now.
  static_cast<void>(folder.release());

  std::vector<std::string> names;
  while (const dirent* const entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (!name.starts_with('.')) names.push_back(std::string(name) + (entry->d_type == DT_DIR ? "/" : ""));
  }
  std::sort(names.begin(), names.end());

  std::string html = "<!doctype html><meta charset=utf-8><title>";
  append_escaped(html, path);
  html += "</title><h1>";
  append_escaped(html, path);
  html += "</h1>\n<ul>\n";
  if (path != "/") html += "<li><a href=\"../\">../</a>\n";
  for (const std::string_view name : names) {
    const bool is_folder = name.ends_with('/');
    html += "<li><a href=\"./";
    append_encoded(html, name.substr(0, name.size() - (is_folder ? 1 : 0)));
    html += is_folder ? "/\">" : "\">";
    append_escaped(html, name);
    html += "</a>\n";
  }
  html += "</ul>\n";
  page made = page::make();
  made->size = static_cast<off_t>(html.size());
  made->modified = now();
  describe(*made.operator->(), "text/html; charset=utf-8");
  made->whole += html;
  return made;
}

}  // namespace web
