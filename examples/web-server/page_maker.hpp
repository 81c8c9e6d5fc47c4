// Makes pages of open files and folders. Knows neither requests nor the cache.
#ifndef WEB_SERVER_PAGE_MAKER_HPP
#define WEB_SERVER_PAGE_MAKER_HPP

#include <flux/socket.hpp>
#include <string>
#include <string_view>

#include "page.hpp"

namespace web {

// A page of an open file: read into memory if it is no longer than `most_in_memory`, else with the file kept open. `path`: what names it, its
// ending the type. Empty where the disk failed. Blocks as reading does.
[[nodiscard]] page file_page(flux::socket file, const file_state& state, std::string_view path, std::size_t most_in_memory);

// A page that lists an open folder. Empty where the disk failed. Blocks as reading does.
[[nodiscard]] page folder_page(flux::socket folder, std::string_view path);

}  // namespace web

#endif
