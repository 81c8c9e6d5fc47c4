// The files under one folder: decoding of targets, and resolution that cannot leave the root.
#include "file_tree.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace web {
namespace {

int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// For kernels before 5.6, or where a filter forbids openat2: step by step, following no link at all and no `..`.
int open_step_by_step(int root, const char* path, int flags) noexcept {
  int folder = ::openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  for (;;) {
    std::size_t length = 0;
    while (path[length] != '\0' && path[length] != '/') ++length;
    const std::string_view step(path, length);
    const char* rest = path + length;
    while (*rest == '/') ++rest;
    char name[256];
    int next = -1;
    if (step.size() >= sizeof name) {
      errno = ENAMETOOLONG;
    } else if (step == "..") {
      errno = EXDEV;
    } else {
      name[step.copy(name, sizeof name - 1)] = '\0';
      const bool last = *rest == '\0';
      next = ::openat(folder, step.empty() ? "." : name, last ? flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (last) {
        const int reason = errno;
        ::close(folder);
        errno = reason;
        return next;
      }
    }
    const int reason = errno;
    ::close(folder);
    if (next < 0) {
      errno = reason;
      return -1;
    }
    folder = next;
    path = rest;
  }
}

int open_beneath(int root, const char* path) noexcept {
  // O_NONBLOCK: opening a FIFO that somebody put there must not wait for its writer.
  constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  open_how how{};
  how.flags = flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed meanwhile, so the kernel could not be sure that a `..` stays inside (openat2(2)).
  long opened;
  int tries = 0;
  do {
    opened = ::syscall(SYS_openat2, root, path, &how, sizeof how);
  } while (opened < 0 && (errno == EINTR || errno == EAGAIN) && ++tries < 16);
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(opened);
  return open_step_by_step(root, path, flags);
}

}  // namespace

int decode_path(std::string_view encoded, std::string& path) {
  path.clear();
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      path += encoded[i];
      continue;
    }
    if (i + 2 >= encoded.size()) return 400;
    const int high = hex(encoded[i + 1]);
    const int low = hex(encoded[i + 2]);
    if (high < 0 || low < 0 || (high == 0 && low == 0)) return 400;
    const char byte = static_cast<char>(high * 16 + low);
    if (byte == '/') return 404;
    path += byte;
    i += 2;
  }
  for (std::size_t at = path.find("/.."); at != std::string::npos; at = path.find("/..", at + 1)) {
    if (at + 3 == path.size() || path[at + 3] == '/') return 404;
  }
  return 0;
}

bool is_canonical(std::string_view path) noexcept {
  for (std::size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    const std::string_view behind = path.substr(at + 1);
    if (behind.starts_with('/') || behind.starts_with("./") || behind == ".") return false;
  }
  return true;
}

void file_tree::set_root(const char* folder) {
  const int opened = ::open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  // Found, it may still be closed to this user: every answer would be 404, and nobody would know why.
  if (opened < 0 || ::faccessat(opened, ".", X_OK, AT_EACCESS) != 0) {
    const int reason = errno;
    if (opened >= 0) ::close(opened);
    throw std::system_error(reason, std::generic_category(), std::string("cannot serve ") + folder);
  }
  if (root_ >= 0) ::close(root_);
  root_ = opened;
}

int file_tree::open(const std::string& path, struct stat& status, std::errc& reason) const noexcept {
  const char* relative = path.c_str();
  while (*relative == '/') ++relative;
  const int file = open_beneath(root_, *relative == '\0' ? "." : relative);
  if (file < 0) {
    reason = static_cast<std::errc>(errno);
    return -1;
  }
  const int failed = ::fstat(file, &status) == 0 ? 0 : errno;
  if (failed != 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) {
    ::close(file);
    reason = failed != 0 ? static_cast<std::errc>(failed) : std::errc::no_such_file_or_directory;
    return -1;
  }
  return file;
}

}  // namespace web
