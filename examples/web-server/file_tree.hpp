// The files under one folder, and no others. Knows nothing of replies.
#ifndef WEB_SERVER_FILE_TREE_HPP
#define WEB_SERVER_FILE_TREE_HPP

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <system_error>

namespace web {

// The path that the path of a target names, decoded once: `/a b` of `/a%20b`. Returns 0; or 400 for an escape that is none and for an
// escaped NUL; or 404 for what no file can be called: a name with an (escaped) slash in it, and `..`, which a client resolves before it asks.
// REQUIRES: `encoded` is empty (then so is `path`) or begins with a slash.
[[nodiscard]] int decode_path(std::string_view encoded, std::string& path);

// False for a path that has another spelling too (`/a//b`, `/./a`).
[[nodiscard]] bool is_canonical(std::string_view path) noexcept;

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
