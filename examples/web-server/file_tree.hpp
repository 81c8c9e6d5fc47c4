// The files under one folder, and no others. Knows nothing of replies.
#ifndef WEB_SERVER_FILE_TREE_HPP
#define WEB_SERVER_FILE_TREE_HPP

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <system_error>

namespace web {

// The part of a request target that begins with the path: `/a?b` of `http://host/a?b`. Empty for a target that names no path (`*`).
[[nodiscard]] std::string_view origin_form(std::string_view target);

// The path a request target names: `/a b` of `/a%20b?c`. False for a target that names no path of this server
// (`*`, an escape that is not two hex digits, an escaped NUL).
[[nodiscard]] bool path_of_target(std::string_view target, std::string& path);

// Thread safety: `open` may be called from any thread.
class file_tree {
 public:
  // Throws std::system_error with the folder's name.
  void set_root(const char* folder);

  // Opens the regular file or folder that `path` (which begins with a slash) names under the root. The kernel resolves it and
  // refuses what would leave the root at any step: `..`, an absolute symbolic link, a link that climbs out.
  // Returns a descriptor, or -1 and the reason.
  [[nodiscard]] int open(const std::string& path, struct stat& status, std::errc& reason) const noexcept;

 private:
  int root_ = -1;
};

}  // namespace web

#endif
