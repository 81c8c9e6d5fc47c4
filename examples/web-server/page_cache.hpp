// Pages that are kept in memory, up to a number of bytes. Has no lock of its own: web-server.flux says who holds `cache`.
#ifndef WEB_SERVER_PAGE_CACHE_HPP
#define WEB_SERVER_PAGE_CACHE_HPP

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "page.hpp"

namespace web {

class page_cache {
 public:
  // 0: nothing is kept. Before everything else.
  void set_limit(std::size_t bytes) noexcept { limit_ = bytes; }

  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

  // A page that takes more than an eighth of the cache is not kept.
  [[nodiscard]] bool has_room_for(std::size_t bytes) const noexcept { return bytes <= limit_ / 8; }

  // The page of a path, or an empty one. REQUIRES: the caller holds `cache`, at least as a reader.
  [[nodiscard]] page find(std::string_view path) const;

  // Keeps a page, in place of an older one of its path, and drops others as the limit asks: those that were not asked for since the last
  // round. REQUIRES: the caller holds `cache` as a writer.
  void store(page made);

 private:
  void drop(std::size_t index) noexcept;
  void make_room() noexcept;

  std::size_t limit_ = 0;
  std::size_t bytes_ = 0;
  std::size_t hand_ = 0;  // where the search for something to drop goes on
  std::vector<page> pages_;
  // Keys are the paths of the pages.
  std::unordered_map<std::string_view, std::size_t> index_;
};

}  // namespace web

#endif
